"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { FailureNotice } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Button, type ButtonVariant } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Effects } from "../ui/text";

interface ConfirmButtonProps<T> {
  readonly label: ReactNode;
  readonly variant?: ButtonVariant;
  readonly title: string;
  readonly description?: string;
  /** What will happen to whom, as list items. */
  readonly effects: ReactNode;
  readonly children?: ReactNode;
  readonly submitLabel: string;
  readonly submitVariant?: ButtonVariant;
  readonly run: () => Promise<ActionResult<T>>;
  readonly onDone: (data: T) => void;
}

/** A button that says what it will do before it does it. */
export function ConfirmButton<T>(props: ConfirmButtonProps<T>) {
  const { label, variant = "secondary", title, description, effects, children } = props;
  const { submitLabel, submitVariant = "primary", run, onDone } = props;
  const t = useTranslations("twoStep");
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);

  function change(next: boolean) {
    clear();
    setOpen(next);
  }

  function confirm() {
    void submit(run, (result) => {
      if (!result.ok) return;
      setOpen(false);
      onDone(result.data);
    });
  }

  return (
    <>
      <Button variant={variant} onClick={() => change(true)}>
        {label}
      </Button>
      <Dialog open={open} onOpenChange={change} title={title} description={description}>
        <div className="grid gap-4">
          <FailureNotice failure={failure} />
          {children}
          <Effects>{effects}</Effects>
        </div>
        <DialogActions>
          <Button onClick={() => change(false)}>{t("cancel")}</Button>
          <Button variant={submitVariant} pending={pending} onClick={confirm}>
            {submitLabel}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
