import { useFormatter, useTimeZone, useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import type { TrafficRange, TrafficView } from "@/lib/domain/traffic";
import { axisTop, Bars, useBucketLabel } from "./bars";
import { RangeLinks, TrafficTable } from "./traffic-table";

interface ChartProps {
  readonly traffic: TrafficView;
  /** Whether the account has a token: without one, nobody can send it. */
  readonly hasToken: boolean;
}

interface TrafficCardProps extends ChartProps {
  /** The page it stands on; a range is chosen by its query `traffic`. */
  readonly path: string;
}

/** Calls accepted, with the token and without, and rejected, by hour or day: the totals, the reasons, a chart and a table. */
export function TrafficCard({ traffic, path, hasToken }: TrafficCardProps) {
  const t = useTranslations("traffic");
  const { accepted, rejected, range } = traffic;
  const none = accepted + rejected === 0;
  const href = (each: TrafficRange) => (each === "day" ? path : `${path}?traffic=${each}`);
  return (
    <Card aria-labelledby="traffic">
      <CardHead
        id="traffic"
        title={t("title")}
        description={none && t(`none.${range}`)}
        aside={<RangeLinks range={range} href={href} />}
      />
      {!none && (
        <>
          <CardBody className="grid gap-6 pt-0 md:pt-0">
            <Legend traffic={traffic} hasToken={hasToken} />
            <Chart traffic={traffic} hasToken={hasToken} />
          </CardBody>
          <TrafficTable traffic={traffic} hasToken={hasToken} />
        </>
      )}
    </Card>
  );
}

/** What the colours mean, how much there was of each, and why calls were rejected. */
function Legend({ traffic: { accepted, tokenless, rejected, reasons }, hasToken }: ChartProps) {
  const t = useTranslations("traffic");
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3">
      {hasToken ? (
        <>
          <Total label={t("withToken")} value={accepted - tokenless} mark="bg-accent" />
          <Total label={t("tokenless")} value={tokenless} mark="bg-warn" />
        </>
      ) : (
        <Total label={t("accepted")} value={accepted} mark="bg-accent" />
      )}
      <Total label={t("rejected")} value={rejected} mark="bg-bad" />
      {reasons.length > 0 && (
        <section aria-label={t("reasonsTitle")} className="min-w-0 sm:border-line sm:border-l sm:pl-8">
          <h3 className="text-muted text-xs">{t("reasonsTitle")}</h3>
          <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5">
            {reasons.map(({ reason, requests }) => (
              <li key={reason}>
                <Count value={requests} /> {t(`reason.${reason}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Count({ value }: { readonly value: number }) {
  return <span className="font-semibold tabular-nums">{useFormatter().number(value)}</span>;
}

interface TotalProps {
  readonly label: string;
  readonly value: number;
  readonly mark: string;
}

function Total({ label, value, mark }: TotalProps) {
  const format = useFormatter();
  return (
    <p>
      <span className="flex items-center gap-1.5 text-muted text-xs">
        <span aria-hidden className={classNames("size-2 rounded-full", mark)} />
        {label}
      </span>{" "}
      <span className="font-semibold text-2xl tabular-nums tracking-tight">{format.number(value)}</span>
    </p>
  );
}

/** So many hours lie between two labels under the bars, beginning at midnight. */
const labelHours = 6;

/** Without another label so near, the last bar says that it is now. */
const nearNow = 3;

/** What stands under each bar, in the reader's locale and time zone; null: nothing. */
function useAxisLabels({ buckets, range }: TrafficView): (string | null)[] {
  const t = useTranslations("traffic.chart");
  const format = useFormatter();
  const timeZone = useTimeZone() ?? "UTC";
  if (range === "week") return buckets.map(({ start }) => format.dateTime(start, { weekday: "short" }));
  if (range === "month") {
    const form = { month: "short", day: "numeric" } as const;
    return buckets.map(({ start }, index) => (index % 6 === 0 ? format.dateTime(start, form) : null));
  }
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "numeric", hourCycle: "h23" });
  const labels = buckets.map(({ start }) => {
    const hour = Number(clock.format(start));
    if (hour % labelHours !== 0) return null;
    return format.dateTime(start, hour === 0 ? { weekday: "short" } : { hour: "numeric" });
  });
  if (labels.slice(-nearNow).every((label) => label === null)) labels[labels.length - 1] = t("now");
  return labels;
}

/** Calls by hour or day as bars with axes. Decoration for those who see; the table holds the numbers. */
function Chart({ traffic, hasToken }: ChartProps) {
  const t = useTranslations("traffic.chart");
  const format = useFormatter();
  const { buckets, unit } = traffic;
  const when = useBucketLabel(unit);
  const labels = useAxisLabels(traffic);
  const top = axisTop(Math.max(...buckets.map(({ accepted, rejected }) => accepted + rejected)));
  return (
    <div className="grid grid-cols-[auto_1fr] gap-x-2 text-muted text-xs tabular-nums">
      <div aria-hidden className="-my-2 flex flex-col justify-between text-right">
        {[top, top / 2, 0].map((value) => (
          <span key={value}>{format.number(value, { notation: "compact" })}</span>
        ))}
      </div>
      <Bars
        grid
        label={t(unit)}
        top={top}
        lowerColor="fill-accent"
        middleColor="fill-warn"
        upperColor="fill-bad"
        className="h-40 w-full"
        values={buckets.map(({ start, accepted, tokenless, rejected }) => {
          const middle = hasToken ? tokenless : 0;
          const numbers = { when: when(start), accepted, token: accepted - tokenless, tokenless, rejected };
          return {
            ...{ start, lower: accepted - middle, middle, upper: rejected },
            title: t(hasToken ? "barToken" : "bar", numbers),
          };
        })}
      />
      <div aria-hidden className="col-start-2 flex h-6">
        {buckets.map(({ start }, index) => (
          <span key={start.getTime()} className="relative min-w-0 flex-1">
            {labels[index] && (
              <span className="absolute left-1/2 -translate-x-1/2 whitespace-nowrap pt-1.5 before:absolute before:top-0 before:left-1/2 before:h-1 before:border-line-strong before:border-l">
                {labels[index]}
              </span>
            )}
          </span>
        ))}
      </div>
    </div>
  );
}
