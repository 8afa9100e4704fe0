"use client";

import { type ReactNode, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { FormActions } from "@/components/ui/form-actions";
import type { ActionResult } from "@/lib/domain/action-result";
import { ConfirmName } from "./confirm-name";
import { FailureNotice } from "./failure-notice";
import { fieldError } from "./refusal-message";
import { useSubmission } from "./use-submission";

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
