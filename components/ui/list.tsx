import { ChevronLeft, ChevronRight } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";
import { ButtonLink } from "./link";

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
  readonly summary: ReactNode;
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

interface TableColumn {
  readonly id: string;
  readonly label: string;
  /** Shown to screen readers only, for example over a column of buttons. */
  readonly hideLabel?: boolean;
  /** For a column that leaves on screens too narrow for it; its cells need the same. */
  readonly className?: string;
}

interface DataTableProps {
  /** What the table lists, for screen readers. */
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  /** TableRow elements, each with a TableCell a column, in the columns' order. */
  readonly children: ReactNode;
}

const edges = "sm:first:pl-4 sm:last:pr-4 md:first:pl-6 md:last:pr-6";

/** A table on wide screens; below 640 px each row is a card in which each cell says its column. */
export function DataTable({ caption, columns, children }: DataTableProps) {
  return (
    <table className="w-full border-collapse tabular-nums max-sm:block">
      <caption className="sr-only">{caption}</caption>
      <thead className="max-sm:sr-only">
        <tr>
          {columns.map(({ id, label, hideLabel, className }) => (
            <th
              key={id}
              scope="col"
              className={classNames(
                "border-line border-b py-2 pr-4 text-left font-medium text-muted text-xs",
                edges,
                className,
              )}
            >
              {hideLabel ? <span className="sr-only">{label}</span> : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-sm:block">{children}</tbody>
    </table>
  );
}

/** One row; hairlines between rows. */
export function TableRow({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      className={classNames(
        "border-line not-last:border-b max-sm:grid max-sm:gap-1 max-sm:px-4 max-sm:py-3.5",
        className,
      )}
      {...rest}
    />
  );
}

interface TableCellProps extends ComponentProps<"td"> {
  /** The column's name, written before the cell when the row is a card. Leave it out where the cell speaks for itself. */
  readonly label?: string;
}

/** One cell. The first of a row is its title: leave its label out. */
export function TableCell({ label, className, children, ...rest }: TableCellProps) {
  return (
    <td
      className={classNames(
        "min-w-0 py-3 pr-4 text-left align-middle max-sm:flex max-sm:items-baseline max-sm:gap-2 max-sm:p-0",
        edges,
        className,
      )}
      {...rest}
    >
      {label && (
        <span aria-hidden className="w-24 shrink-0 text-muted text-xs sm:hidden">
          {label}
        </span>
      )}
      <div className="min-w-0 max-sm:flex-1">{children}</div>
    </td>
  );
}
