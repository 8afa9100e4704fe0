import { useFormatter, useTranslations } from "next-intl";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import type { TrafficRange, TrafficView } from "@/lib/domain/traffic";
import { axisTop, Bars, useBucketLabel } from "./bars";
import { RangeLinks, TrafficTable } from "./traffic-table";

interface TrafficProps {
  readonly traffic: TrafficView;
}

interface TrafficCardProps extends TrafficProps {
  /** The page it stands on; a range is chosen by its query `traffic`. */
  readonly path: string;
}

/** Calls accepted and rejected, by hour or day: the totals, the reasons, a chart and a table. */
export function TrafficCard({ traffic, path }: TrafficCardProps) {
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
            <Legend traffic={traffic} />
            <Chart traffic={traffic} />
          </CardBody>
          <TrafficTable traffic={traffic} />
        </>
      )}
    </Card>
  );
}

/** Calls of the whole account in one line, with bars beside it; nothing while there are none. */
export function TrafficLine({ traffic }: TrafficProps) {
  const t = useTranslations("traffic");
  const { accepted, rejected, range } = traffic;
  if (accepted + rejected === 0) return null;
  return (
    <Card
      aria-labelledby="traffic"
      className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 p-4 md:px-6"
    >
      <div className="min-w-0">
        <h2 id="traffic" className="font-semibold text-lg tracking-tight">
          {t("title")}
        </h2>
        <p className="text-pretty text-muted">{t(`lede.${range}`, { accepted, rejected })}</p>
      </div>
      <TrafficBars traffic={traffic} className="h-10 w-full sm:w-72" />
    </Card>
  );
}

/** What the two colours mean, how much there was of each, and why calls were rejected. */
function Legend({ traffic: { accepted, rejected, reasons } }: TrafficProps) {
  const t = useTranslations("traffic");
  const format = useFormatter();
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3">
      <Total label={t("accepted")} value={format.number(accepted)} mark="bg-accent" />
      <Total label={t("rejected")} value={format.number(rejected)} mark="bg-bad" />
      {reasons.length > 0 && (
        <section aria-label={t("reasonsTitle")} className="min-w-0 sm:border-line sm:border-l sm:pl-8">
          <h3 className="text-muted text-xs">{t("reasonsTitle")}</h3>
          <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5">
            {reasons.map(({ reason, requests }) => (
              <li key={reason}>
                <span className="font-semibold tabular-nums">{format.number(requests)}</span>{" "}
                {t(`reason.${reason}`)}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

interface TotalProps {
  readonly label: string;
  readonly value: string;
  readonly mark: string;
}

function Total({ label, value, mark }: TotalProps) {
  return (
    <p>
      <span className="flex items-center gap-1.5 text-muted text-xs">
        <span aria-hidden className={classNames("size-2 rounded-full", mark)} />
        {label}
      </span>{" "}
      <span className="font-semibold text-2xl tabular-nums tracking-tight">{value}</span>
    </p>
  );
}

/** Under the bars: a label for every so many of them, each at the first bar it stands for. */
const axes = {
  day: { every: 6, columns: "grid-cols-4", form: { hour: "numeric", minute: "2-digit" } },
  week: { every: 1, columns: "grid-cols-7 text-center", form: { weekday: "short" } },
  month: { every: 6, columns: "grid-cols-5", form: { month: "short", day: "numeric" } },
} as const satisfies Readonly<Record<TrafficRange, object>>;

/** Calls by hour or day as bars with axes. Decoration for those who see; the table holds the numbers. */
function Chart({ traffic }: TrafficProps) {
  const format = useFormatter();
  const { buckets, range } = traffic;
  const top = topOf(traffic);
  const { every, columns, form } = axes[range];
  return (
    <div className="grid grid-cols-[auto_1fr] gap-x-2 gap-y-1 text-muted text-xs tabular-nums">
      <div aria-hidden className="-my-2 flex flex-col justify-between text-right">
        {[top, top / 2, 0].map((value) => (
          <span key={value}>{format.number(value, { notation: "compact" })}</span>
        ))}
      </div>
      <TrafficBars traffic={traffic} className="h-36 w-full" />
      <div aria-hidden className={classNames("col-start-2 grid whitespace-nowrap", columns)}>
        {buckets
          .filter((_, index) => index % every === 0)
          .map(({ start }) => (
            <span key={start.getTime()}>{format.dateTime(start, form)}</span>
          ))}
      </div>
    </div>
  );
}

function topOf({ buckets }: TrafficView): number {
  return axisTop(Math.max(...buckets.map(({ accepted, rejected }) => accepted + rejected)));
}

interface TrafficBarsProps extends TrafficProps {
  readonly className: string;
}

/** One bar for each hour or day, rejected calls on top of accepted ones. */
function TrafficBars({ traffic, className }: TrafficBarsProps) {
  const t = useTranslations("traffic.chart");
  const { buckets, unit } = traffic;
  const label = useBucketLabel(unit);
  return (
    <Bars
      grid
      label={t(unit)}
      top={topOf(traffic)}
      lowerColor="fill-accent"
      upperColor="fill-bad"
      className={className}
      values={buckets.map(({ start, accepted, rejected }) => ({
        start,
        lower: accepted,
        upper: rejected,
        title: t("bar", { when: label(start), accepted, rejected }),
      }))}
    />
  );
}
