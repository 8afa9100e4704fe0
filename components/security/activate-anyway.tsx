"use client";

import { type ReactNode, type RefObject, useState } from "react";
import { ConfirmName } from "@/components/shell/deletion-dialog";
import { Button } from "@/components/ui/button";
import type { FieldError } from "@/lib/domain/errors";

interface ActivateAnywayProps {
  /** Which name to type, and what for. */
  readonly label: ReactNode;
  readonly submit: string;
  readonly error: FieldError | undefined;
  readonly pending: boolean;
  readonly form: RefObject<HTMLFormElement | null>;
  readonly onConfirm: (confirmation: string) => void;
}

/** What is done although callers would be rejected: beside the field that takes the account's name. */
export function ActivateAnyway({ label, submit, error, pending, form, onConfirm }: ActivateAnywayProps) {
  const [confirmation, setConfirmation] = useState("");
  return (
    <form ref={form} action={() => onConfirm(confirmation)} noValidate>
      <ConfirmName
        name="confirmation"
        label={label}
        value={confirmation}
        error={error}
        onChange={setConfirmation}
      >
        <Button type="submit" variant="danger" pending={pending} className="shrink-0">
          {submit}
        </Button>
      </ConfirmName>
    </form>
  );
}
