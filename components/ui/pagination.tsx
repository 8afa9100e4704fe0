import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { ButtonLink } from "./button-link";

interface PaginationProps {
  /** Where the page before is; null on the first. */
  readonly previousHref: string | null;
  /** Where the next page is; null on the last. */
  readonly nextHref: string | null;
  /** Name of this navigation for screen readers. */
  readonly label: string;
  readonly previousLabel: string;
  readonly nextLabel: string;
  /** Where one is, for example "21–40 of 62". */
  readonly summary?: ReactNode;
}

/** Links to the page before and the page after. Renders nothing when there is only one page. */
export function Pagination({
  previousHref,
  nextHref,
  label,
  previousLabel,
  nextLabel,
  summary,
}: PaginationProps) {
  if (!previousHref && !nextHref) return null;
  return (
    <nav aria-label={label} className="mt-4 flex flex-wrap items-center justify-between gap-3">
      <p className="text-muted tabular-nums">{summary}</p>
      <div className="flex gap-2">
        {previousHref && (
          <ButtonLink href={previousHref} rel="prev">
            <ChevronLeft aria-hidden />
            {previousLabel}
          </ButtonLink>
        )}
        {nextHref && (
          <ButtonLink href={nextHref} rel="next">
            {nextLabel}
            <ChevronRight aria-hidden />
          </ButtonLink>
        )}
      </div>
    </nav>
  );
}
