"use client";

import type { ReactNode } from "react";
import { useFieldMessage } from "@/components/shell/refusal-message";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import type { FieldError } from "@/lib/domain/errors";

interface ConfirmNameProps {
  readonly label: ReactNode;
  readonly value: string;
  readonly error: FieldError | undefined;
  readonly onChange: (value: string) => void;
}

/** The `<name>` tag of the label: what is to be typed. */
export function nameTag(chunks: ReactNode): ReactNode {
  return <b className="font-semibold wrap-anywhere">{chunks}</b>;
}

/** The account's name, typed before callers are knowingly rejected. */
export function ConfirmName({ label, value, error, onChange }: ConfirmNameProps) {
  const message = useFieldMessage();
  return (
    <Field label={label} name="confirmation" error={message(error)}>
      {(control) => (
        <TextInput
          {...control}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
