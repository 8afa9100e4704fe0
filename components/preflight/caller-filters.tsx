import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { moved, preflightId, type SecurityPlace, securityHref } from "@/components/security/security-place";
import { classNames } from "@/components/ui/class-names";
import { type CallerFilter, callerFilters, type PreflightView } from "@/lib/domain/caller-view";

interface CallerFiltersProps {
  readonly view: PreflightView;
  readonly place: SecurityPlace;
}

/** Callers by status; links, so that each can be kept and works without JavaScript. */
export function CallerFilters({ view, place }: CallerFiltersProps) {
  const t = useTranslations("preflight.filters");
  const format = useFormatter();
  const href = (filter: CallerFilter) =>
    securityHref(moved(place, { callers: filter === "all" ? undefined : filter }), preflightId);
  const counted = callerFilters.map((filter) => ({ filter, count: view.listedCounts[filter] }));
  const shown = counted.filter(
    ({ filter, count }) => count > 0 || filter === view.filter || filter === "all",
  );
  return (
    <nav aria-label={t("label")}>
      <ul className="flex flex-wrap gap-1.5">
        {shown.map(({ filter, count }) => (
          <li key={filter}>
            <Link
              href={href(filter)}
              scroll={false}
              prefetch={false}
              aria-current={filter === view.filter ? "true" : undefined}
              className={classNames(
                "flex min-h-7 items-center gap-1.5 whitespace-nowrap rounded-full border px-2.5 text-xs",
                filter === view.filter
                  ? "border-accent bg-accent-soft font-semibold text-accent"
                  : "border-line text-muted hover:text-text",
              )}
            >
              {t(filter)} <span className="tabular-nums">{format.number(count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
