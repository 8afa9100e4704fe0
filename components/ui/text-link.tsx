import Link from "next/link";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

/** A link inside a sentence. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      className={classNames("font-medium text-accent underline underline-offset-3", className)}
      {...rest}
    />
  );
}
