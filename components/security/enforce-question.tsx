"use client";

import { useTranslations } from "next-intl";
import type { RefObject } from "react";
import { ActivationCallers } from "@/components/consequence/affected-callers";
import { nameTag } from "@/components/shell/deletion-dialog";
import { type Failure, fieldError } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import { EnforceAnyway } from "./activate-dialog";
import { TokenFailure } from "./token-failure";

interface EnforceQuestionProps {
  /** Of the instance. */
  readonly name: string;
  readonly forecast: ActivationForecast;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  readonly pending: boolean;
  readonly failure: Failure | null;
  /** The form whose refused field gets the focus. */
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onConfirm: (confirmation: string) => void;
  readonly onLeave: () => void;
}

/** Whom enforcing one instance would or may reject, and the field that takes the account's name to do it anyway. */
export function EnforceQuestion(props: EnforceQuestionProps) {
  const { name, forecast, accountName, pending, failure, form, onConfirm, onLeave } = props;
  const t = useTranslations("security.enforcement.ask");
  const common = useTranslations("common");
  const confirmError = fieldError(failure, "confirmation");
  return (
    <Dialog open size="lg" onOpenChange={onLeave} title={t("title", { name })}>
      <div className="grid gap-4">
        {failure && !confirmError && <TokenFailure failure={failure} change="enforce" />}
        <ActivationCallers forecast={forecast} total={1} />
        <EnforceAnyway
          {...{ pending, form, onConfirm }}
          label={t.rich("confirm", { value: accountName, name: nameTag })}
          submit={t("submit")}
          // The first answer only said that a name is needed.
          error={confirmError?.code === "required" ? undefined : confirmError}
        />
      </div>
      <DialogActions>
        <Button onClick={onLeave}>{common("cancel")}</Button>
      </DialogActions>
    </Dialog>
  );
}
