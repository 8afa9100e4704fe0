import type { ComponentProps, ReactNode } from "react";
import { Card, CardBody } from "../ui/card";
import { linkStyle } from "../ui/text";

interface AuthPanelProps {
  readonly title: ReactNode;
  readonly lede: ReactNode;
  /** The way to the other door. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** The one card of a page where somebody signs in, joins or chooses. */
export function AuthPanel({ title, lede, foot, children }: AuthPanelProps) {
  return (
    <>
      <Card as="div">
        <CardBody className="md:py-6">
          <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
          <p className="mt-1 mb-5 text-pretty text-muted">{lede}</p>
          {children}
        </CardBody>
      </Card>
      {foot && <p className="mt-5 text-center text-muted">{foot}</p>}
    </>
  );
}

/**
 * The way to another page of those outside the dashboard. The browser's own link: whoever only signs in does not load what
 * moves about between pages.
 */
export function AuthLink({ children, ...rest }: ComponentProps<"a">) {
  return (
    <a className={linkStyle} {...rest}>
      {children}
    </a>
  );
}
