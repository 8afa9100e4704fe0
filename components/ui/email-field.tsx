import { Field } from "./field";
import { TextInput } from "./text-input";

interface EmailFieldProps {
  readonly label: string;
  readonly error: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `email` for one's own address, `off` for somebody else's. */
  readonly autoComplete: "email" | "off";
}

/** The e-mail address of a form in a dialog; the focus starts here. */
export function EmailField({ label, error, value, onChange, autoComplete }: EmailFieldProps) {
  return (
    <Field label={label} name="email" error={error}>
      {(control) => (
        <TextInput
          {...control}
          type="email"
          autoComplete={autoComplete}
          required
          data-autofocus
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
