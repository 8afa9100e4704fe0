import type { ReactNode } from "react";
import { Button } from "./button";
import { DialogActions } from "./dialog";

interface FormActionsProps {
  readonly cancel: ReactNode;
  readonly onCancel: () => void;
  readonly submit: ReactNode;
  /** Where sending cannot be taken back: `danger`. */
  readonly variant?: "primary" | "danger";
  readonly pending: boolean;
}

/** The foot of a form in a dialog: leave it, or send it. */
export function FormActions({ cancel, onCancel, submit, variant = "primary", pending }: FormActionsProps) {
  return (
    <DialogActions>
      <Button onClick={onCancel}>{cancel}</Button>
      <Button type="submit" variant={variant} pending={pending}>
        {submit}
      </Button>
    </DialogActions>
  );
}
