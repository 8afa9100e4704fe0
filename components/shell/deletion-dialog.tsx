"use client";

import { type ReactNode, useState } from "react";
import type { ActionResult, FieldError } from "@/lib/domain/errors";
import { FormDialog } from "./form-dialog";
import { fieldError, useFieldMessage } from "./refusal";
import { TextField } from "./text-field";
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
export function ConfirmName({ error, children, ...field }: ConfirmNameProps) {
  const message = useFieldMessage();
  return (
    <TextField
      {...field}
      error={message(error)}
      spellCheck={false}
      className="flex-1 basis-48"
      beside={children}
    />
  );
}

interface DeletionDialogProps {
  readonly title: string;
  readonly description: string;
  /** Asks for the name; holds it. */
  readonly label: ReactNode;
  /** The way out; *Cancel* when left out. */
  readonly cancel?: string;
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
  const { title, description, label, cancel, submit, remove, onDone, onClose, children } = props;
  const submission = useSubmission();
  const [confirmName, setConfirmName] = useState("");

  function send() {
    void submission.submit(
      () => remove(confirmName),
      (result) => result.ok && onDone(submission.leave),
    );
  }

  return (
    <FormDialog
      title={<span className="wrap-anywhere">{title}</span>}
      description={description}
      submission={submission}
      send={send}
      onClose={onClose}
      cancel={cancel}
      submit={submit}
      variant="danger"
    >
      {children}
      <ConfirmName
        name="confirmName"
        label={label}
        value={confirmName}
        error={fieldError(submission.failure, "confirmName")}
        onChange={setConfirmName}
      />
    </FormDialog>
  );
}
