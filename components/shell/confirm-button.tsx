"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button, type ButtonProps, type ButtonVariant } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Effects, WrapText } from "@/components/ui/text";
import type { ActionResult } from "@/lib/domain/errors";
import { FailureNotice } from "./refusal";
import { useSubmission } from "./use-submission";

interface ConfirmButtonProps<T> extends Pick<ButtonProps, "variant" | "size"> {
  readonly label: ReactNode;
  /** The button's whole name, where the label alone is not enough. */
  readonly name?: string;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** What will happen to whom, as list items. */
  readonly effects: ReactNode;
  /** What stands above the effects. */
  readonly children?: ReactNode;
  readonly submit: string;
  readonly submitVariant?: ButtonVariant;
  readonly run: () => Promise<ActionResult<T>>;
  readonly onDone: (data: T) => void;
}

/** A button that says what it will do before it does it. */
export function ConfirmButton<T>(props: ConfirmButtonProps<T>) {
  const { label, name, variant = "secondary", size = "md", title, description, effects, children } = props;
  const { submit: submitText, submitVariant = "primary", run, onDone } = props;
  const t = useTranslations("common");
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
      <Button variant={variant} size={size} onClick={() => change(true)} aria-label={name}>
        {label}
      </Button>
      <Dialog
        open={open}
        onOpenChange={change}
        title={<WrapText>{title}</WrapText>}
        description={description && <WrapText>{description}</WrapText>}
      >
        <div className="grid gap-4">
          <FailureNotice failure={failure} />
          {children}
          <Effects>{effects}</Effects>
        </div>
        <DialogActions>
          <Button onClick={() => change(false)}>{t("cancel")}</Button>
          <Button variant={submitVariant} pending={pending} onClick={confirm}>
            {submitText}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
