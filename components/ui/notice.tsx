import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import type { Tone } from "./status-pill";

const looks: Readonly<Record<Tone, { icon: LucideIcon; style: string; iconStyle: string }>> = {
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
  const { icon: Icon, style, iconStyle } = looks[tone];
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
