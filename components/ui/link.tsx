import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { type ButtonSize, type ButtonVariant, buttonStyle } from "./button";
import { classNames } from "./class-names";
import { linkStyle } from "./text";

/** A link inside a sentence. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return <Link className={classNames(linkStyle, className)} {...rest} />;
}

/** The way back to the list that a page is of; stands above the page's name. */
export function BackLink({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Link
      href={href}
      className="mb-2 inline-flex items-center gap-1.5 rounded-md py-0.5 text-muted hover:text-text"
    >
      <ArrowLeft aria-hidden className="size-4" />
      {children}
    </Link>
  );
}

interface SegmentLinksProps<Key extends string> {
  readonly label: string;
  readonly items: readonly { readonly key: Key; readonly text: string; readonly href: string }[];
  readonly current: Key;
}

/** A few views of one thing, of which one is shown; links, so that each can be kept and works without JavaScript. */
export function SegmentLinks<Key extends string>({ label, items, current }: SegmentLinksProps<Key>) {
  return (
    <nav aria-label={label} className="flex rounded-md border border-line bg-sunken p-0.5">
      {items.map(({ key, text, href }) => (
        <Link
          key={key}
          href={href}
          scroll={false}
          prefetch={false}
          aria-current={key === current ? "true" : undefined}
          className={classNames(
            "whitespace-nowrap rounded-md px-2.5 py-1 text-xs",
            key === current ? "bg-surface font-semibold text-text" : "text-muted hover:text-text",
          )}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}

interface LinkTabsProps<Key extends string> extends SegmentLinksProps<Key> {
  /** At the right. */
  readonly children?: ReactNode;
}

/** The pages of one topic, as links that look like tabs. */
export function LinkTabs<Key extends string>({ label, items, current, children }: LinkTabsProps<Key>) {
  return (
    <div className="mb-5 flex items-center justify-between gap-4 border-line border-b">
      <nav aria-label={label} className="min-w-0">
        <ul className="flex gap-1">
          {items.map(({ key, text, href }) => (
            <li key={key} className="flex">
              <Link
                href={href}
                aria-current={key === current ? "page" : undefined}
                className={classNames(
                  "-mb-px flex items-end border-b-2 px-2 py-2 font-medium sm:px-3",
                  key === current
                    ? "border-accent text-text"
                    : "border-transparent text-muted hover:text-text",
                )}
              >
                {text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  );
}

interface ButtonLinkProps extends ComponentProps<typeof Link> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
}

/** A link that looks like a button: it goes somewhere, it does nothing. */
export function ButtonLink({ variant = "secondary", size = "md", className, ...rest }: ButtonLinkProps) {
  return <Link className={buttonStyle(variant, size, className)} {...rest} />;
}
