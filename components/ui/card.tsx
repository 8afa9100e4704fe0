import type { LucideIcon } from "lucide-react";
import type { ComponentProps, HTMLAttributes, ReactNode } from "react";
import { classNames } from "./class-names";

interface PageHeaderProps {
  readonly title: ReactNode;
  /** The state of things in one sentence of plain truth. */
  readonly lede?: ReactNode;
  readonly actions?: ReactNode;
}

/** The top of a page: its name (h1), how things stand, and the one obvious step. */
export function PageHeader({ title, lede, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-4 md:mb-7">
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="break-words font-semibold text-2xl tracking-tight">{title}</h1>
        {lede && <p className="mt-1 text-pretty text-lg text-muted">{lede}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

interface CardProps extends HTMLAttributes<HTMLElement> {
  readonly as?: "section" | "div" | "article";
}

/** A surface with a hairline border. Give it `aria-labelledby` (the id of its CardHead) to make it a region. */
export function Card({ as: Element = "section", className, ...rest }: CardProps) {
  return (
    <Element
      className={classNames("overflow-hidden rounded-lg border border-line bg-surface", className)}
      {...rest}
    />
  );
}

interface CardHeadProps {
  readonly title: ReactNode;
  /** Id of the heading, for `aria-labelledby`. */
  readonly id: string;
  readonly description?: ReactNode;
  /** At the right: a status, a button. */
  readonly aside?: ReactNode;
}

/** The heading (h2) of a card. */
export function CardHead({ title, id, description, aside }: CardHeadProps) {
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-0.5 p-4 sm:grid sm:grid-cols-[minmax(0,1fr)_auto] md:px-6 md:py-5">
      {/* What stands aside goes below where a long word of the title leaves it no room. */}
      <h2 id={id} className="min-w-min flex-1 basis-32 scroll-mt-10 font-semibold text-lg tracking-tight">
        {title}
      </h2>
      {description && (
        <div className="order-last w-full text-pretty text-muted sm:order-none sm:col-start-1 sm:row-start-2">
          {description}
        </div>
      )}
      {aside && (
        <div className="flex items-center gap-2 sm:col-start-2 sm:row-span-2 sm:row-start-1">{aside}</div>
      )}
    </div>
  );
}

/** The content of a card, padded. Right under a CardHead pass `className="pt-0 md:pt-0"`. */
export function CardBody({ className, ...rest }: ComponentProps<"div">) {
  return <div className={classNames("p-4 md:px-6 md:py-5", className)} {...rest} />;
}

interface CardFootProps extends ComponentProps<"div"> {
  /** What the buttons will do, in a few words. */
  readonly note?: ReactNode;
}

/** The foot of a card: a note and the buttons. */
export function CardFoot({ note, className, children, ...rest }: CardFootProps) {
  return (
    <div
      className={classNames(
        "flex flex-col gap-2.5 border-line border-t bg-sunken p-4 sm:flex-row sm:items-center md:px-6 sm:[&>:not(p)]:shrink-0",
        className,
      )}
      {...rest}
    >
      {note ? <p className="text-pretty text-muted sm:mr-auto">{note}</p> : <span className="sm:mr-auto" />}
      {children}
    </div>
  );
}

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: ReactNode;
  readonly description: ReactNode;
  readonly action?: ReactNode;
}

/** What stands where nothing is yet: it teaches the first step. */
export function EmptyState({ icon: Icon, title, description, action }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center px-6 py-14 text-center">
      <span className="mb-4 grid size-11 place-items-center rounded-full bg-accent-soft text-accent">
        <Icon aria-hidden className="size-5" />
      </span>
      <h2 className="font-semibold text-lg tracking-tight">{title}</h2>
      <div className="mt-1 max-w-md text-pretty text-muted">{description}</div>
      {action && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

interface CardRowProps {
  readonly title: ReactNode;
  readonly text: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}

/** One line of the card: what there is, how it stands, and what can be done about it. */
export function CardRow({ title, text, children }: CardRowProps) {
  return (
    <div className="flex flex-col gap-3 border-line px-4 py-3.5 not-last:border-b sm:flex-row sm:items-center sm:justify-between sm:gap-4 md:px-6">
      <div className="min-w-0">
        <h3 className="flex flex-wrap items-center gap-x-2 font-medium wrap-anywhere">{title}</h3>
        <div className="text-pretty text-muted wrap-anywhere">{text}</div>
      </div>
      {children && <div className="flex shrink-0 flex-wrap gap-2">{children}</div>}
    </div>
  );
}
