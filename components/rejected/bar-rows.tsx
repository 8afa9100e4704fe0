import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { axisTop } from "@/components/traffic/scale";
import { useBucketLabel } from "@/components/traffic/use-bucket-label";
import { classNames } from "@/components/ui/class-names";
import type { TrafficView } from "@/lib/domain/traffic";
import { ReasonBars } from "./reason-bars";

/** One line of the chart. */
export interface BarRow {
  readonly key: string;
  readonly label: ReactNode;
  readonly requests: number;
  /** One number for each hour or day. */
  readonly values: readonly number[];
  /** Where the list is narrowed to it; null: it is no one thing. */
  readonly href: string | null;
  readonly chosen: boolean;
}

interface BarRowsProps {
  readonly label: string;
  readonly traffic: TrafficView;
  readonly rows: readonly BarRow[];
}

const columns = "grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[17rem_4rem_minmax(0,1fr)] gap-x-4 px-3";

/** Lines of bars, all to one scale; links, so that each narrows the list without JavaScript. */
export function BarRows({ label, traffic: { buckets, unit }, rows }: BarRowsProps) {
  const t = useTranslations("rejected.by");
  const format = useFormatter();
  const bucketLabel = useBucketLabel(unit);
  const top = axisTop(Math.max(...rows.flatMap(({ values }) => values)));
  const first = buckets[0]?.start;
  const line = ({ label, requests, values }: BarRow) => (
    <>
      <span className="min-w-0 wrap-anywhere">{label}</span>
      <span className="text-right tabular-nums">{format.number(requests)}</span>
      <ReasonBars
        values={buckets.map(({ start }, index) => ({
          at: start.getTime(),
          label: bucketLabel(start),
          requests: values[index] ?? 0,
        }))}
        top={top}
      />
    </>
  );
  const shape = classNames(columns, "items-end gap-y-1 rounded-md border py-1.5");
  return (
    <nav aria-label={label}>
      <ul className="grid gap-0.5">
        {rows.map((row) => (
          <li key={row.key}>
            {row.href === null ? (
              <div className={classNames(shape, "border-transparent text-muted")}>{line(row)}</div>
            ) : (
              <Link
                href={row.href}
                scroll={false}
                prefetch={false}
                aria-current={row.chosen ? "true" : undefined}
                className={classNames(
                  shape,
                  row.chosen
                    ? "border-accent bg-accent-soft font-semibold"
                    : "border-transparent hover:bg-sunken",
                )}
              >
                {line(row)}
              </Link>
            )}
          </li>
        ))}
      </ul>
      {first && (
        <div aria-hidden className={classNames(columns, "mt-1 text-muted text-xs")}>
          <p className="col-span-2 flex justify-between sm:col-span-1 sm:col-start-3">
            <span>{bucketLabel(first)}</span>
            <span>{t("now")}</span>
          </p>
        </div>
      )}
    </nav>
  );
}
