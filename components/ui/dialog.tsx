"use client";

import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from "react";
import { createPortal } from "react-dom";
import { Button } from "./button";
import { classNames } from "./class-names";

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Width: 28 rem or 40 rem at most. */
  readonly size?: "md" | "lg";
  /** False: Escape and a click beside it do nothing; only a button inside closes it. */
  readonly dismissable?: boolean;
  readonly children: ReactNode;
}

/**
 * A modal dialog on the browser's own `<dialog>`: traps the focus and gives it back on closing. The focus
 * starts on the element marked `data-autofocus`, else on the first that can take it.
 */
export function Dialog({ open, ...rest }: DialogProps) {
  return open ? createPortal(<OpenDialog {...rest} />, document.body) : null;
}

function OpenDialog({
  onOpenChange,
  title,
  description,
  size = "md",
  dismissable = true,
  children,
}: Omit<DialogProps, "open">) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();

  // Before React takes the element away, so that the browser can give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => dialog?.close();
  }, []);

  function dismiss() {
    if (dismissable) onOpenChange(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    dismiss();
  }

  function onBackdrop(event: MouseEvent) {
    if (event.target === event.currentTarget) dismiss();
  }

  return (
    <dialog
      ref={ref}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onCancel={(event) => {
        event.preventDefault();
        dismiss();
      }}
      onKeyDown={onKeyDown}
      onMouseDown={onBackdrop}
      className={classNames(
        "m-auto max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] overflow-y-auto overscroll-contain rounded-lg border",
        "max-sm:scroll-pb-36 animate-appear border-line bg-surface text-text shadow-float backdrop:bg-veil",
        size === "lg" ? "max-w-160" : "max-w-112",
      )}
    >
      <div className="p-5 md:p-6">
        <h2 id={`${id}-title`} className="font-semibold text-lg tracking-tight">
          {title}
        </h2>
        {description && (
          <div id={`${id}-description`} className="mt-1 text-pretty text-muted">
            {description}
          </div>
        )}
        <div className="mt-4">{children}</div>
      </div>
    </dialog>
  );
}

interface DialogActionsProps {
  /** False: they scroll with the rest, so that they hide no other field or button. */
  readonly sticky?: boolean;
  readonly children: ReactNode;
}

/**
 * The buttons of a dialog, the safe one first. On narrow screens they take the full width and stay in reach
 * while what is above them scrolls.
 */
export function DialogActions({ sticky = true, children }: DialogActionsProps) {
  return (
    <div
      className={classNames(
        "mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end [&>*]:max-sm:w-full",
        sticky &&
          "max-sm:sticky max-sm:bottom-0 max-sm:-mx-5 max-sm:-mb-5 max-sm:border-line max-sm:border-t",
        sticky && "max-sm:bg-surface max-sm:px-5 max-sm:pt-3 max-sm:pb-5",
      )}
    >
      {children}
    </div>
  );
}

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

/**
 * A change takes away the button that had, or would get back, the focus, which would fall to the top of the
 * page. It goes to the module's heading instead.
 *
 * @param open a dialog is open, which takes care of the focus itself
 * @param status buttons come and go with it
 */
export function useFocusWhenLost(headingId: string, open: boolean, status: string): void {
  const seen = useRef({ open, status });
  useEffect(() => {
    const changed = seen.current.status !== status || seen.current.open;
    seen.current = { open, status };
    if (open || !changed || document.activeElement !== document.body) return;
    const heading = document.getElementById(headingId);
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }, [headingId, open, status]);
}
