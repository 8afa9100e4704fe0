import { Check, Clock, type LucideIcon, TriangleAlert, X } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

/** How things stand: fine, needs a look, wrong, or nothing to say. */
export type Tone = "good" | "warn" | "bad" | "idle";

const looks: Readonly<Record<Tone, { icon: LucideIcon; style: string }>> = {
  good: { icon: Check, style: "bg-good-soft text-good" },
  warn: { icon: TriangleAlert, style: "bg-warn-soft text-warn" },
  bad: { icon: X, style: "bg-bad-soft text-bad" },
  idle: { icon: Clock, style: "bg-sunken text-muted" },
};

interface StatusPillProps {
  readonly tone: Tone;
  /** Another icon than the tone's own; never none: colour alone says nothing. */
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

/** A state in one or two words, with icon and colour. */
export function StatusPill({ tone, icon, children }: StatusPillProps) {
  const look = looks[tone];
  const Icon = icon ?? look.icon;
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 whitespace-nowrap rounded-full py-0.5 pr-2.5 pl-2 font-semibold text-xs",
        look.style,
      )}
    >
      <Icon aria-hidden strokeWidth={2.5} className="size-3 shrink-0" />
      {children}
    </span>
  );
}
