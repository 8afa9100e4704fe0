"use client";

import { useTranslations } from "next-intl";
import { toast } from "../ui/toaster";
import type { TwoStepActions } from "./actions";
import { ConfirmButton } from "./confirm-button";

interface TurnOffTotpProps {
  /** It is the last second factor. */
  readonly last: boolean;
  readonly remove: TwoStepActions["remove"];
}

/** Turns the authenticator app off, after saying what that means. */
export function TurnOffTotp({ last, remove }: TurnOffTotpProps) {
  const t = useTranslations("twoStep");
  return (
    <ConfirmButton
      label={t("app.turnOff")}
      variant="quiet"
      title={t("turnOff.title")}
      description={t("turnOff.description")}
      effects={
        <>
          {last && <li>{t("turnOff.last")}</li>}
          {last && <li>{t("turnOff.codes")}</li>}
          <li>{t("turnOff.back")}</li>
        </>
      }
      submitLabel={t("turnOff.submit")}
      submitVariant="danger"
      run={remove}
      onDone={() => toast.success(t("turnOff.done"))}
    />
  );
}
