"use client";

import {
  type ComponentProps,
  createContext,
  type FormEvent,
  type ReactNode,
  startTransition,
  use,
  useActionState,
  useEffect,
  useRef,
} from "react";
import { WrapText } from "@/components/ui/text";
import type { ActionResult, RefusalCode } from "@/lib/domain/errors";
import { fieldError, useFieldMessage, useRefusalMessage } from "../shell/refusal";
import { Button, type ButtonVariant } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";

/** A server action behind a form that also works before, or without, JavaScript. */
type FormAction = (previous: ActionResult | null, form: FormData) => Promise<ActionResult>;

/**
 * State of such a form: what to say about it and about each field, what was typed, and the props of the form element.
 * With JavaScript nothing typed is ever cleared.
 */
export function useAuthForm(action: FormAction) {
  const [result, send, pending] = useActionState(action, null);
  const form = useRef<HTMLFormElement>(null);
  const refusal = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  const refused = result && !result.ok ? result : null;

  // The first refused field is where to go on.
  useEffect(() => {
    if (refused) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [refused]);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    // React empties a form after its action; sending it ourselves keeps what was typed.
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    if (!pending) startTransition(() => send(data));
  }

  return {
    pending,
    form: { ref: form, action: send, onSubmit },
    /** Why the form as a whole was refused; undefined when a field says it. */
    message: refused && refused.fields.length === 0 ? refusal(refused) : undefined,
    /** The code of the refusal, when there is one. */
    code: refused?.code,
    /** True when the action did what was asked. */
    done: result?.ok === true,
    error: (field: string) => fieldMessage(fieldError(result, field)),
    typed: (field: string) => refused?.values?.[field],
  };
}

const FormState = createContext<Pick<ReturnType<typeof useAuthForm>, "error" | "typed"> | null>(null);

interface AuthFormProps {
  readonly action: FormAction;
  /** Path to go to afterwards. */
  readonly callbackUrl?: string;
  readonly submit: ReactNode;
  readonly variant?: ButtonVariant;
  /** What to say when the action has done what was asked; it takes the place of the form, unless that `stays`. */
  readonly done?: ReactNode;
  readonly stays?: boolean;
  /** What to say besides when the action refuses for this reason. */
  readonly also?: { readonly [Code in RefusalCode]?: ReactNode };
  /** A field that cannot be changed here: why it is refused is said above the form. */
  readonly fixed?: string;
  readonly children?: ReactNode;
}

/**
 * A form outside the dashboard. Says above the fields why all of it was refused, and at each AuthField what is wrong
 * with that.
 */
export function AuthForm(props: AuthFormProps) {
  const {
    action,
    callbackUrl,
    submit,
    variant = "primary",
    done,
    stays = false,
    also,
    fixed,
    children,
  } = props;
  const state = useAuthForm(action);
  const message = state.message ?? (fixed && state.error(fixed));
  const more = state.code && state.code !== "failed" && also?.[state.code];
  if (state.done && !stays) return done;
  return (
    <form {...state.form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message} {more}
        </Notice>
      )}
      {state.done && done}
      {callbackUrl !== undefined && <input type="hidden" name="callbackUrl" value={callbackUrl} />}
      <FormState value={state}>{children}</FormState>
      <Button type="submit" variant={variant} pending={state.pending} className="mt-1 w-full">
        {submit}
      </Button>
    </form>
  );
}

interface AuthFieldProps extends ComponentProps<"input"> {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
}

/** One line to fill in, inside an AuthForm: with what was typed before, and why it was refused. */
export function AuthField({ name, label, hint, ...input }: AuthFieldProps) {
  const state = use(FormState);
  return (
    <Field label={label} name={name} hint={hint} error={state?.error(name)}>
      {(control) => <TextInput {...control} {...input} defaultValue={state?.typed(name)} />}
    </Field>
  );
}

/** Where a password is chosen; the hint says what it has to be. */
export function NewPasswordField(words: Pick<AuthFieldProps, "label" | "hint">) {
  return <AuthField name="password" {...words} type="password" autoComplete="new-password" required />;
}

/** The password that one has. */
export function PasswordField({ label }: Pick<AuthFieldProps, "label">) {
  return <AuthField name="password" label={label} type="password" autoComplete="current-password" required />;
}

interface SignsInAsProps {
  readonly words: string;
  readonly email: string;
}

/** Whose sign-in the form goes on with. */
export function SignsInAs({ words, email }: SignsInAsProps) {
  return (
    <p className="text-muted">
      {words}{" "}
      <span className="font-medium text-text">
        <WrapText>{email}</WrapText>
      </span>
    </p>
  );
}
