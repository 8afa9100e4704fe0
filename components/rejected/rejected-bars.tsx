import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { axisTop, Bars, useBucketLabel } from "@/components/traffic/bars";
import { RangeLinks, TrafficTable } from "@/components/traffic/traffic-table";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import { SegmentLinks } from "@/components/ui/link";
import { WrapText } from "@/components/ui/text";
import {
  callerText,
  type RejectedGrouping,
  type RejectedLine,
  type RejectedView,
  rejectedCharts,
} from "@/lib/domain/rejection";
import type { ReasonCounts, TrafficReason } from "@/lib/domain/traffic";
import { rejectedHref } from "./rejected-links";

interface ChartProps {
  readonly view: RejectedView;
}

/** Rejected requests by hour or day and reason, caller or instance: the bars, a table, and how far back. */
export function RejectedBars({ view }: ChartProps) {
  const t = useTranslations("rejected.by");
  const reasonText = useTranslations("traffic.reason");
  const { traffic, filter } = view;
  const { range, unit, rejected } = traffic;
  const { by, reason } = filter;
  const ranges = <RangeLinks range={range} href={(each) => rejectedHref({ ...filter, range: each })} />;
  if (rejected === 0) return <div className="mb-5 flex">{ranges}</div>;
  const charts = rejectedCharts.map((key) => ({
    key,
    text: t(`${key}.name`),
    href: rejectedHref({ ...filter, range, by: key }),
  }));
  return (
    <Card aria-labelledby="rejected-chart">
      <CardHead
        id="rejected-chart"
        title={t("title")}
        description={
          <>
            {t(`${by}.${unit}`)}{" "}
            {by !== "reason" && reason !== null && t("only", { reason: reasonText(reason) })}
          </>
        }
        aside={ranges}
      />
      <CardBody className="grid gap-3 px-1 pt-0 md:px-3 md:pt-0">
        <div className="flex px-3 md:px-0">
          <SegmentLinks label={t("label")} items={charts} current={by} />
        </div>
        {by === "reason" ? <ByReason view={view} /> : <ByLine view={view} by={by} />}
      </CardBody>
      <TrafficTable traffic={traffic} hasToken={false} />
    </Card>
  );
}

/** Rejected requests for a reason, or for any. */
function countOf(
  { rejected, reasons }: { readonly rejected: number; readonly reasons: ReasonCounts },
  reason: TrafficReason | null,
): number {
  return reason === null ? rejected : (reasons.find((each) => each.reason === reason)?.requests ?? 0);
}

/** A line of bars for each reason. */
function ByReason({ view }: ChartProps) {
  const t = useTranslations("rejected.by.reason");
  const reasonText = useTranslations("traffic.reason");
  const { traffic, filter } = view;
  const all = [null, ...traffic.reasons.map(({ reason }) => reason)];
  const rows = all.map((reason) => ({
    key: reason ?? "all",
    label: reason === null ? t("all") : reasonText(reason),
    requests: countOf(traffic, reason),
    values: traffic.buckets.map((bucket) => countOf(bucket, reason)),
    href: rejectedHref({ ...filter, range: traffic.range, reason }),
    chosen: reason === filter.reason,
  }));
  return <BarRows label={t("label")} traffic={traffic} rows={rows} />;
}

/** What the list is narrowed to for a line; empty: nothing finds just that. */
function textOf({ caller, instanceId }: RejectedLine): string {
  if (!caller) return instanceId;
  return caller.others ? "" : callerText(caller);
}

interface ByLineProps extends ChartProps {
  readonly by: RejectedGrouping;
}

/** A line of bars for each caller or instance that had most, one for all, and one for the rest of them. */
function ByLine({ view: { traffic, filter, lines }, by }: ByLineProps) {
  const t = useTranslations(`rejected.by.${by}`);
  const { buckets, range } = traffic;
  const href = (text: string) => rejectedHref({ ...filter, range, [by]: text });
  const sum = (index: number) => lines.reduce((all, { buckets }) => all + (buckets[index] ?? 0), 0);
  const all = {
    requests: countOf(traffic, filter.reason),
    values: buckets.map((bucket) => countOf(bucket, filter.reason)),
  };
  const rest = all.requests - lines.reduce((all, { requests }) => all + requests, 0);
  const rows: BarRow[] = [
    {
      key: "all",
      label: t(filter[by] === "" ? "all" : "found"),
      ...all,
      href: href(""),
      chosen: filter[by] === "",
    },
    ...lines.map((line) => {
      const text = textOf(line);
      return {
        key: line.key,
        label: <LineLabel line={line} />,
        requests: line.requests,
        values: line.buckets,
        href: text === "" ? null : href(text),
        chosen: text !== "" && filter[by] === text,
      };
    }),
  ];
  if (rest > 0) {
    const values = all.values.map((each, index) => Math.max(0, each - sum(index)));
    rows.push({ key: "rest", label: t("rest"), requests: rest, values, href: null, chosen: false });
  }
  return <BarRows label={t("label")} traffic={traffic} rows={rows} />;
}

function LineLabel({ line: { caller, instanceName } }: { readonly line: RejectedLine }) {
  const t = useTranslations("preflight");
  const on = useTranslations("consequence")("on", { instance: instanceName });
  const title = useCallerTitle();
  if (!caller) return instanceName;
  return (
    <>
      {title(caller)}
      <span className="block font-normal text-muted text-xs">
        {!caller.others && (
          <span className="font-mono">
            <WrapText>{caller.address ?? t("noAddress")}</WrapText>
          </span>
        )}{" "}
        {on}
      </span>
    </>
  );
}

/** One line of the chart. */
interface BarRow {
  readonly key: string;
  readonly label: ReactNode;
  readonly requests: number;
  /** One number for each hour or day. */
  readonly values: readonly number[];
  /** Where the list is narrowed to it; null: it is no one thing. */
  readonly href: string | null;
  readonly chosen: boolean;
}

interface BarRowsProps extends Pick<RejectedView, "traffic"> {
  readonly label: string;
  readonly rows: readonly BarRow[];
}

const columns = "grid grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[17rem_4rem_minmax(0,1fr)] gap-x-4 px-3";

/** Lines of bars, all to one scale; links, so that each narrows the list without JavaScript. */
function BarRows({ label, traffic: { buckets, unit }, rows }: BarRowsProps) {
  const t = useTranslations("rejected.by");
  const format = useFormatter();
  const bucketLabel = useBucketLabel(unit);
  const top = axisTop(Math.max(...rows.flatMap(({ values }) => values)));
  const first = buckets[0]?.start;
  const line = ({ label, requests, values }: BarRow) => (
    <>
      <span className="min-w-0 wrap-anywhere">{label}</span>
      <span className="text-right tabular-nums">{format.number(requests)}</span>
      <Bars
        // The table holds the numbers.
        label={null}
        top={top}
        upperColor="fill-bad"
        className="h-6 w-full border-line border-b max-sm:col-span-2"
        values={buckets.map(({ start }, index) => {
          const upper = values[index] ?? 0;
          return { start, lower: 0, upper, title: `${bucketLabel(start)}: ${upper}` };
        })}
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
