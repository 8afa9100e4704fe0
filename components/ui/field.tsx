import { CircleAlert } from "lucide-react";
import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names";

/**
 * Classes of everything one types or chooses in. 16 px on narrow screens, because iOS zooms into anything
 * smaller.
 */
export const controlStyle =
  "w-full min-w-0 rounded-md border border-line-control bg-surface px-3 text-lg text-text " +
  "placeholder:text-muted disabled:bg-sunken disabled:text-muted [&[readonly]]:bg-sunken sm:text-base " +
  "aria-invalid:border-bad";

/** What a field hands to its control, to be spread on it. */
interface FieldControl {
  readonly id: string;
  readonly name: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
}

interface FieldProps {
  readonly label: ReactNode;
  readonly name: string;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  /** Hides the label from the eye only, where the place says it already. */
  readonly hideLabel?: boolean;
  readonly children: (control: FieldControl) => ReactNode;
}

/** A labelled control with its hint and its error: `<Field …>{(control) => <TextInput {...control} />}</Field>`. */
export function Field({ label, name, error, hint, hideLabel = false, children }: FieldProps) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className={hideLabel ? "sr-only" : "font-medium"}>
        {label}
      </label>
      {children({
        id,
        name,
        "aria-describedby": described || undefined,
        "aria-invalid": error ? true : undefined,
      })}
      {error && (
        <p id={`${id}-error`} className="flex gap-1.5 text-bad">
          <CircleAlert aria-hidden className="mt-[3px] size-3.5 shrink-0" />
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-pretty text-muted">
          {hint}
        </p>
      )}
    </div>
  );
}

/** A one-line text input; goes inside a Field. */
export function TextInput({ className, type = "text", ...rest }: ComponentProps<"input">) {
  return <input type={type} className={classNames(controlStyle, "h-9", className)} {...rest} />;
}

/** A text input of several lines; goes inside a Field. */
export function TextArea({ className, rows = 3, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={rows} className={classNames(controlStyle, "py-1.5", className)} {...rest} />;
}

interface SelectFieldProps
  extends Omit<FieldProps, "children" | "error">,
    Omit<ComponentProps<"select">, "name" | "onChange"> {
  readonly onChange?: (value: string) => void;
}

/** A labelled choice from a list of options. */
export function SelectField({
  label,
  name,
  hint,
  hideLabel,
  onChange,
  className,
  ...rest
}: SelectFieldProps) {
  return (
    <Field label={label} name={name} hint={hint} hideLabel={hideLabel ?? false}>
      {(control) => (
        <select
          {...control}
          {...rest}
          onChange={onChange && ((event) => onChange(event.target.value))}
          className={classNames(controlStyle, "h-9", className)}
        />
      )}
    </Field>
  );
}
