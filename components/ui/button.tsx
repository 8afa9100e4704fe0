import { LoaderCircle } from "lucide-react";
import type { ComponentProps, MouseEvent } from "react";
import { classNames } from "./class-names";

/** What a button is for: the one obvious step, another step, a by-way, or something that hurts. */
export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

/** Height: 36 px, or 28 px inside rows. */
export type ButtonSize = "md" | "sm";

const variants: Readonly<Record<ButtonVariant, string>> = {
  primary: "border-transparent bg-accent text-accent-ink hover:bg-accent-hover",
  secondary: "border-line-strong bg-surface text-text hover:bg-sunken",
  quiet: "border-transparent text-muted hover:bg-sunken hover:text-text",
  danger: "border-transparent bg-bad text-bad-ink hover:bg-bad-hover",
};

const sizes: Readonly<Record<ButtonSize, string>> = {
  md: "min-h-9 px-3.5 py-1.5",
  sm: "min-h-7 px-2.5 py-0.5",
};

/** Classes of everything that looks like a button. */
export function buttonStyle(variant: ButtonVariant, size: ButtonSize, className?: string): string {
  return classNames(
    "relative inline-flex select-none items-center justify-center gap-2 rounded-md border text-center font-semibold",
    "transition-colors duration-100 disabled:opacity-55 aria-disabled:opacity-55",
    "[&_svg]:size-4 [&_svg]:shrink-0",
    variants[variant],
    sizes[size],
    className,
  );
}

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
