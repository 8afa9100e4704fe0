"use client";

import type { ReactNode } from "react";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import type { FieldError } from "@/lib/domain/errors";
import { useFieldMessage } from "./refusal-message";

interface ConfirmNameProps {
  /** Of the field; what a refusal calls it. */
  readonly name: "confirmation" | "confirmName";
  readonly label: ReactNode;
  readonly value: string;
  readonly error: FieldError | undefined;
  readonly onChange: (value: string) => void;
  /** What stands beside the field. */
  readonly children?: ReactNode;
}

/** The `<name>` tag of the label: what is to be typed. */
export function nameTag(chunks: ReactNode): ReactNode {
  return <b className="font-semibold wrap-anywhere">{chunks}</b>;
}

/** A name, typed before what cannot be taken back, or before callers are knowingly rejected. */
export function ConfirmName({ name, label, value, error, onChange, children }: ConfirmNameProps) {
  const message = useFieldMessage();
  return (
    <Field label={label} name={name} error={message(error)}>
      {(control) => (
        <span className="flex gap-2">
          <TextInput
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            className="min-w-0 flex-1"
          />
          {children}
        </span>
      )}
    </Field>
  );
}
