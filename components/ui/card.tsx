import type { ComponentProps, HTMLAttributes, ReactNode } from "react";
import { classNames } from "./class-names";

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
  readonly id?: string | undefined;
  readonly description?: ReactNode;
  /** At the right: a status, a button. */
  readonly aside?: ReactNode;
}

/** The heading (h2) of a card. */
export function CardHead({ title, id, description, aside }: CardHeadProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 p-4 md:px-6 md:py-5">
      <h2 id={id} className="scroll-mt-10 font-semibold text-lg tracking-tight">
        {title}
      </h2>
      {description && (
        <div className="col-span-2 row-start-2 mt-0.5 text-pretty text-muted sm:col-span-1">
          {description}
        </div>
      )}
      {aside && <div className="col-start-2 row-start-1 flex items-center gap-2 sm:row-span-2">{aside}</div>}
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
