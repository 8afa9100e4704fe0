"use client";

import { type FormEvent, startTransition, useActionState, useEffect, useRef } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { fieldError, useFieldMessage, useRefusalMessage } from "../shell/refusal";

/** A server action behind a form that also works before, or without, JavaScript. */
export type AuthAction = (previous: ActionResult | null, form: FormData) => Promise<ActionResult>;

/**
 * State of the login and the register form: what to say about the form and about each field, what was typed,
 * and the props of the form element. With JavaScript nothing typed is ever cleared.
 */
export function useAuthForm(action: AuthAction) {
  const [result, send, pending] = useActionState(action, null);
  const form = useRef<HTMLFormElement>(null);
  const refusal = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  const failed = result && !result.ok ? result : null;

  // The first refused field is where to go on.
  useEffect(() => {
    if (failed) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [failed]);

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
    message: failed && failed.fields.length === 0 ? refusal(failed) : undefined,
    /** True when the action did what was asked. */
    done: result?.ok === true,
    /** The code of the refusal, when there is one. */
    refusedFor: failed?.code,
    error: (field: string) => fieldMessage(fieldError(result, field)),
    typed: (field: string) => failed?.values?.[field],
  };
}
