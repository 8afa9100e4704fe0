import type { ComponentProps, ReactNode } from "react";
import { Field, TextInput } from "../ui/field";
import { type FailedResult, fieldError, useFieldMessage } from "./refusal";

interface TextFieldProps extends Omit<ComponentProps<"input">, "name" | "value" | "onChange"> {
  readonly label: ReactNode;
  /** What a refusal calls it. */
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly failure?: FailedResult | null;
  /** What is wrong with it, where the failure does not say it under this name. */
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  readonly hideLabel?: boolean;
  /** A machine reads it. */
  readonly exact?: boolean;
  /** The button that belongs to it. */
  readonly beside?: ReactNode;
}

/** A line of text, with what was refused of it. Inside a dialog, `data-autofocus` starts the focus here. */
export function TextField(props: TextFieldProps) {
  const {
    label,
    name,
    value,
    onChange,
    failure = null,
    error,
    hint,
    hideLabel = false,
    exact,
    beside,
    ...rest
  } = props;
  const message = useFieldMessage();
  return (
    <Field
      label={label}
      name={name}
      hint={hint}
      hideLabel={hideLabel}
      error={error ?? message(fieldError(failure, name))}
    >
      {(control) => {
        const input = (
          <TextInput
            {...control}
            autoComplete="off"
            {...(exact && { autoCapitalize: "none", spellCheck: false })}
            {...rest}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        );
        return beside !== undefined ? (
          <span className="flex flex-wrap gap-2">
            {input}
            {beside}
          </span>
        ) : (
          input
        );
      }}
    </Field>
  );
}
