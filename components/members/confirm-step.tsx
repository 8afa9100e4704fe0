"use client";

import { type ReactNode, useState } from "react";
import { Effects } from "@/components/instances/effects";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button, type ButtonProps } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toaster";
import type { ActionResult } from "@/lib/domain/errors";

interface ConfirmStepProps extends Pick<ButtonProps, "size"> {
  readonly label: string;
  /** The button's whole name, where the label alone is not enough. */
  readonly name?: string;
  readonly title: string;
  /** What happens to whom, one line each. */
  readonly effects: readonly ReactNode[];
  readonly cancel: string;
  readonly confirm: string;
  readonly done: string;
  readonly run: () => Promise<ActionResult<unknown>>;
  /** What follows when it worked, such as going to another page. */
  readonly after?: () => void;
}

/** A button that says what will happen before it does it. */
export function ConfirmStep({ label, name, title, effects, run, after, size, ...words }: ConfirmStepProps) {
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);

  function change(next: boolean) {
    clear();
    setOpen(next);
  }

  function send() {
    void submit(run, (result) => {
      if (!result.ok) return;
      toast.success(words.done);
      setOpen(false);
      after?.();
    });
  }

  return (
    <>
      <Button size={size ?? "md"} onClick={() => change(true)} aria-label={name}>
        {label}
      </Button>
      <Dialog open={open} onOpenChange={change} title={<span className="wrap-anywhere">{title}</span>}>
        <div className="grid gap-5">
          <FailureNotice failure={failure} />
          <Effects>
            {effects.map((effect, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change places
              <li key={index}>{effect}</li>
            ))}
          </Effects>
        </div>
        <DialogActions>
          <Button onClick={() => change(false)}>{words.cancel}</Button>
          <Button variant="danger" pending={pending} onClick={send}>
            {words.confirm}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
