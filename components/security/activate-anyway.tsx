"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFieldMessage } from "@/components/shell/refusal-message";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";

interface ActivateAnywayProps {
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  readonly pending: boolean;
  readonly onConfirm: () => void;
}

/** *Activate* although callers would be rejected: beside the field that takes the account's name. */
export function ActivateAnyway({ accountName, pending, onConfirm }: ActivateAnywayProps) {
  const t = useTranslations("security.dialog.activate");
  const preflight = useTranslations("preflight.dialog");
  const fieldMessage = useFieldMessage();
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);

  function activate() {
    const known = typed.trim() === accountName;
    setWrong(!known);
    if (known) onConfirm();
  }

  return (
    <form action={activate} noValidate>
      <Field
        label={preflight.rich("confirm", {
          value: accountName,
          name: (chunks) => <b className="font-semibold wrap-anywhere">{chunks}</b>,
        })}
        name="accountName"
        error={wrong ? fieldMessage({ field: "accountName", code: "name_mismatch" }) : undefined}
      >
        {(control) => (
          <div className="flex gap-2">
            <TextInput
              {...control}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              className="min-w-0 flex-1"
            />
            <Button type="submit" variant="danger" pending={pending} className="shrink-0">
              {t("submit")}
            </Button>
          </div>
        )}
      </Field>
    </form>
  );
}
