"use client";

import { type ReactNode, useState } from "react";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import type { ActionResult, FieldError } from "@/lib/domain/errors";
import { FailureNotice, fieldError, useFieldMessage } from "./refusal";
import { useSubmission } from "./use-submission";

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

interface DeletionDialogProps {
  readonly title: string;
  readonly description: string;
  /** Asks for the name; holds it. */
  readonly label: ReactNode;
  readonly cancel: string;
  readonly submit: string;
  readonly remove: (confirmName: string) => Promise<ActionResult<unknown>>;
  /** @param leave goes to another page, so that nothing of this one is pressed again meanwhile */
  readonly onDone: (leave: (go: () => void) => void) => void;
  readonly onClose: () => void;
  /** What deleting does. */
  readonly children: ReactNode;
}

/** Asks for a name before what has it is deleted for good. */
export function DeletionDialog(props: DeletionDialogProps) {
  const { title, description, label, cancel, submit: submitText, remove, onDone, onClose, children } = props;
  const { pending, failure, form, submit, leave } = useSubmission();
  const [confirmName, setConfirmName] = useState("");

  function send() {
    void submit(
      () => remove(confirmName),
      (result) => result.ok && onDone(leave),
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={<span className="wrap-anywhere">{title}</span>}
      description={description}
    >
      <form ref={form} action={send} noValidate>
        <div className="grid gap-5">
          <FailureNotice failure={failure} />
          {children}
          <ConfirmName
            name="confirmName"
            label={label}
            value={confirmName}
            error={fieldError(failure, "confirmName")}
            onChange={setConfirmName}
          />
        </div>
        <FormActions
          cancel={cancel}
          onCancel={onClose}
          submit={submitText}
          variant="danger"
          pending={pending}
        />
      </form>
    </Dialog>
  );
}
