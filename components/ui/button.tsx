import { LoaderCircle } from "lucide-react";
import type { ComponentProps, MouseEvent } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button-style";
import { classNames } from "./class-names";

export interface ButtonProps extends ComponentProps<"button"> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  /** Work is under way: shows it, keeps the focus, and ignores clicks. */
  readonly pending?: boolean | undefined;
}

function ignore(event: MouseEvent) {
  event.preventDefault();
}

/** A button. `type` is "button" unless said otherwise, so that none submits a form by accident. */
export function Button({
  variant = "secondary",
  size = "md",
  pending = false,
  type = "button",
  className,
  children,
  ...rest
}: ButtonProps) {
  const busy = pending ? ({ "aria-disabled": true, "aria-busy": true, onClick: ignore } as const) : {};
  return (
    <button type={type} className={buttonStyle(variant, size, className)} {...rest} {...busy}>
      {pending && <LoaderCircle aria-hidden className="absolute animate-spin" />}
      <span className={classNames("inline-flex items-center gap-2", pending && "opacity-0")}>{children}</span>
    </button>
  );
}
