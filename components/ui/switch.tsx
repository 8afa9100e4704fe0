import type { ComponentProps, ReactNode } from "react";

interface SwitchProps extends Omit<ComponentProps<"input">, "type" | "className"> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

/** Something that is on or off: a checkbox that says so, at work without JavaScript too. */
export function Switch({ label, hint, ...rest }: SwitchProps) {
  return (
    <label className="flex items-start gap-3">
      <span className="relative mt-0.5 inline-flex h-5 w-9 shrink-0">
        <input
          type="checkbox"
          className="peer size-full appearance-none rounded-full border border-line-control bg-sunken transition-colors checked:border-accent checked:bg-accent disabled:opacity-55"
          {...rest}
        />
        <span
          aria-hidden
          className="pointer-events-none absolute top-1 left-1 size-3 rounded-full bg-muted transition-[translate] peer-checked:translate-x-4 peer-checked:bg-accent-ink"
        />
      </span>
      <span>
        <span className="font-medium">{label}</span>
        {hint && <span className="block text-muted">{hint}</span>}
      </span>
    </label>
  );
}
