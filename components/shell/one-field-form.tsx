"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field, TextInput } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";
import { FailureNotice, fieldError, useFieldMessage } from "./refusal";
import { useSubmission } from "./use-submission";

interface OneFieldFormProps {
  /** What a refusal calls the field. */
  readonly name: string;
  readonly label: string;
  readonly hideLabel?: boolean;
  /** What stands in it at first. */
  readonly value: string;
  /** The text below it, for what is typed. */
  readonly hint?: (typed: string) => ReactNode;
  /** A whole number, a few digits long. */
  readonly number?: boolean;
  readonly submit: string;
  /** Said when it is done. */
  readonly saved: string;
  readonly save: (typed: string) => Promise<ActionResult<unknown>>;
}

/** One thing that can be changed, with the button that saves it beside it. */
export function OneFieldForm(props: OneFieldFormProps) {
  const {
    name,
    label,
    hideLabel = false,
    value,
    hint,
    number = false,
    submit: submitText,
    saved,
    save,
  } = props;
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [typed, setTyped] = useState(value);

  function send() {
    void submit(
      () => save(typed),
      (result) => result.ok && toast.success(saved),
    );
  }

  return (
    <form ref={form} action={send} noValidate className="grid gap-4">
      <FailureNotice failure={failure} />
      <Field
        label={label}
        hideLabel={hideLabel}
        name={name}
        hint={hint?.(typed)}
        error={fieldMessage(fieldError(failure, name))}
      >
        {(control) => (
          <span className="flex flex-wrap gap-2">
            <TextInput
              {...control}
              {...(number && { inputMode: "numeric" })}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              required
              className={number ? "max-w-28" : "flex-1 basis-48"}
            />
            <Button type="submit" pending={pending}>
              {submitText}
            </Button>
          </span>
        )}
      </Field>
    </form>
  );
}
