"use client";

import { useTranslations } from "next-intl";
import { type RefObject, useState } from "react";
import { ConfirmName, nameTag } from "@/components/shell/confirm-name";
import { Button } from "@/components/ui/button";
import type { FieldError } from "@/lib/domain/errors";

interface ActivateAnywayProps {
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  readonly error: FieldError | undefined;
  readonly pending: boolean;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onConfirm: (confirmation: string) => void;
}

/** *Activate* although callers would be rejected: beside the field that takes the account's name. */
export function ActivateAnyway({ accountName, error, pending, form, onConfirm }: ActivateAnywayProps) {
  const t = useTranslations("security.dialog.activate");
  const preflight = useTranslations("preflight.dialog");
  const [confirmation, setConfirmation] = useState("");
  return (
    <form ref={form} action={() => onConfirm(confirmation)} noValidate>
      <ConfirmName
        name="confirmation"
        label={preflight.rich("confirm", { value: accountName, name: nameTag })}
        value={confirmation}
        error={error}
        onChange={setConfirmation}
      >
        <Button type="submit" variant="danger" pending={pending} className="shrink-0">
          {t("submit")}
        </Button>
      </ConfirmName>
    </form>
  );
}
