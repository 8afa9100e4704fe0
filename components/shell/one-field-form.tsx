"use client";

import { type ComponentProps, type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";
import { FormDialog } from "./form-dialog";
import { FailureNotice } from "./refusal";
import { TextField } from "./text-field";
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
  /** False: it may be left empty. */
  readonly required?: boolean;
  readonly autoComplete?: "name" | "off";
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
    required = true,
    autoComplete = "off",
    submit: submitText,
    saved,
    save,
  } = props;
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
      <TextField
        label={label}
        hideLabel={hideLabel}
        name={name}
        hint={hint?.(typed)}
        value={typed}
        onChange={setTyped}
        failure={failure}
        autoComplete={autoComplete}
        required={required}
        {...(number && { inputMode: "numeric" })}
        className={number ? "max-w-28" : "flex-1 basis-48"}
        beside={
          <Button type="submit" pending={pending}>
            {submitText}
          </Button>
        }
      />
    </form>
  );
}

interface OneFieldDialogProps
  extends Pick<OneFieldFormProps, "name" | "label" | "value" | "submit" | "save"> {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly hint?: string;
  readonly input?: Pick<ComponentProps<"input">, "type" | "required" | "autoComplete" | "maxLength">;
  /** Said when it is done. */
  readonly saved: (typed: string) => string;
  /** The page shows by itself what others change. */
  readonly live?: boolean;
  readonly onClose: () => void;
}

/** The same in a dialog, which closes once it is saved. */
export function OneFieldDialog(props: OneFieldDialogProps) {
  const { title, description, name, label, value, hint, input, submit, save, saved, live, onClose } = props;
  const submission = useSubmission();
  const { failure } = submission;
  const [typed, setTyped] = useState(value);

  function send() {
    void submission.submit(
      () => save(typed),
      (result) => {
        if (!result.ok) return;
        toast.success(saved(typed));
        onClose();
      },
    );
  }

  return (
    <FormDialog
      {...{ title, description, submission, send, onClose, submit }}
      problem={live && <FailureNotice live failure={failure} shown={[name]} />}
    >
      <TextField
        {...{ label, name, hint, failure, ...input }}
        value={typed}
        onChange={setTyped}
        data-autofocus
      />
    </FormDialog>
  );
}
