import {
  Check,
  CircleAlert,
  CircleCheck,
  Clock,
  Eye,
  Info,
  type LucideIcon,
  ShieldOff,
  TriangleAlert,
  X,
} from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
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

interface ModePillProps {
  readonly mode: "off" | "observe" | "enforce";
  readonly children: ReactNode;
}

/** The state of a list that is observed before it is enforced. */
export function ModePill({ mode, children }: ModePillProps) {
  if (mode === "enforce") return <StatusPill tone="good">{children}</StatusPill>;
  const observing = mode === "observe";
  return (
    <StatusPill tone={observing ? "warn" : "idle"} icon={observing ? Eye : ShieldOff}>
      {children}
    </StatusPill>
  );
}

const noticeLooks: Readonly<Record<Tone, { icon: LucideIcon; style: string; iconStyle: string }>> = {
  good: { icon: CircleCheck, style: "bg-good-soft", iconStyle: "text-good" },
  warn: { icon: TriangleAlert, style: "bg-warn-soft", iconStyle: "text-warn" },
  bad: { icon: CircleAlert, style: "bg-bad-soft", iconStyle: "text-bad" },
  idle: { icon: Info, style: "bg-sunken", iconStyle: "text-muted" },
};

interface NoticeProps extends Omit<ComponentProps<"div">, "title"> {
  readonly tone: Tone;
  readonly title?: ReactNode;
}

/** Something the reader should know before going on. Pass `role="alert"` when it answers what was just done. */
export function Notice({ tone, title, className, children, ...rest }: NoticeProps) {
  const { icon: Icon, style, iconStyle } = noticeLooks[tone];
  return (
    <div className={classNames("flex gap-3 rounded-md px-4 py-3", style, className)} {...rest}>
      <Icon aria-hidden className={classNames("mt-0.5 size-4 shrink-0", iconStyle)} />
      <div className="min-w-0 flex-1 text-pretty">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
