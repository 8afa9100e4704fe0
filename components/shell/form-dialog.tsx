"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { Dialog, FormActions } from "../ui/dialog";
import { FailureNotice } from "./refusal";
import { useSubmission } from "./use-submission";

/**
 * A form in a dialog that a button opens.
 *
 * @param onLeave told when it closes, sent or not
 */
export function useFormDialog(onLeave?: () => void) {
  const submission = useSubmission();
  const [open, setOpen] = useState(false);

  function onClose() {
    submission.clear();
    setOpen(false);
    onLeave?.();
  }

  /** Runs what the form is for; once that is done, the dialog closes. */
  function send<T>(run: () => Promise<ActionResult<T>>, done: (data: T) => void) {
    void submission.submit(run, (result) => {
      if (!result.ok) return;
      onClose();
      done(result.data);
    });
  }

  return {
    failure: submission.failure,
    show: () => setOpen(true),
    send,
    dialog: { open, submission, onClose },
  };
}

interface FormDialogProps {
  readonly open?: boolean;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** What the form is sent with. */
  readonly submission: ReturnType<typeof useSubmission>;
  readonly send: () => void;
  readonly onClose: () => void;
  /** Why it was refused, where it is not for a field; the usual words when left out. */
  readonly problem?: ReactNode;
  /** The way out; *Cancel* when left out. */
  readonly cancel?: string | undefined;
  readonly submit: string;
  /** Where sending cannot be taken back: `danger`. */
  readonly variant?: "primary" | "danger";
  readonly children: ReactNode;
}

/** A dialog with something to fill in, which is sent or left. What was typed survives a refusal. */
export function FormDialog(props: FormDialogProps) {
  const { open = true, title, description, submission, send, onClose, problem, children } = props;
  const { cancel, submit, variant = "primary" } = props;
  const { pending, failure, form } = submission;
  const t = useTranslations("common");
  return (
    <Dialog open={open} onOpenChange={onClose} title={title} description={description}>
      <form ref={form} action={send} noValidate>
        <div className="grid gap-5">
          {problem ?? <FailureNotice failure={failure} />}
          {children}
        </div>
        <FormActions
          cancel={cancel ?? t("cancel")}
          onCancel={onClose}
          submit={submit}
          variant={variant}
          pending={pending}
        />
      </form>
    </Dialog>
  );
}
