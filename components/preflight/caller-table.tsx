import { Check, Clock, Hourglass, KeyRound, type LucideIcon, TriangleAlert, UserX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { axisTop, Bars, useBucketLabel } from "@/components/traffic/bars";
import { DateTime } from "@/components/ui/date-time";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusPill, type Tone } from "@/components/ui/status";
import type { CallerHours, CallerView } from "@/lib/domain/caller-view";
import type { Verdict } from "@/lib/domain/preflight";
import { hourMs } from "@/lib/domain/traffic";
import { CallerControls } from "./caller-controls";
import { CallerWho, CallerWhy } from "./caller-words";
import { CallerRhythm } from "./rhythm-words";

interface CallerTableProps {
  readonly callers: readonly CallerView[];
  readonly mayChange: boolean;
  /** Opens the dialog that names a caller. */
  readonly onName: (caller: CallerView) => void;
}

/** Between cards and wide tables there is no room for the chart; a sentence says how many. */
const tooNarrow = "sm:max-lg:hidden!";

/** Who calls which instance, when last, how often, and what would become of it. */
export function CallerTable({ callers, mayChange, onName }: CallerTableProps) {
  const t = useTranslations("preflight");
  return (
    <DataTable
      caption={t("caption")}
      columns={[
        { id: "caller", label: t("columns.caller") },
        { id: "instance", label: t("columns.instance") },
        { id: "last", label: t("columns.last") },
        { id: "hours", label: t("columns.hours"), className: tooNarrow },
        { id: "status", label: t("columns.status") },
        ...(mayChange ? [{ id: "actions", label: t("columns.actions"), hideLabel: true }] : []),
      ]}
    >
      {callers.map((caller) => (
        <CallerRow key={caller.id} {...{ caller, mayChange, onName }} />
      ))}
    </DataTable>
  );
}

interface CallerRowProps extends Omit<CallerTableProps, "callers"> {
  readonly caller: CallerView;
}

function CallerRow({ caller, mayChange, onName }: CallerRowProps) {
  const t = useTranslations("preflight");
  const { instanceId, instanceName, firstSeenAt, lastSeenAt, lastMethod, lastPath, hours } = caller;
  const sums = hourSums(hours);
  return (
    <TableRow className="max-sm:relative">
      <TableCell className="sm:min-w-32 max-sm:-order-2 max-sm:pr-18">
        <CallerWho caller={caller} unfolds={!mayChange} />
      </TableCell>
      <TableCell label={t("columns.instance")}>
        <Link href={`/instances/${instanceId}`} className="underline-offset-4 wrap-anywhere hover:underline">
          {instanceName}
        </Link>
      </TableCell>
      <TableCell label={t("columns.last")} className="sm:min-w-38">
        <RelativeTime date={lastSeenAt} />
        <span className="block font-mono text-muted text-xs wrap-anywhere">
          {lastMethod} {lastPath}
        </span>
        <span className="block text-muted text-xs">
          {t.rich("firstSeen", { when: () => <DateTime date={firstSeenAt} precision="day" /> })}
        </span>
        <span className="hidden text-muted text-xs sm:max-lg:block">
          {sums.live + sums.other === 0 ? t("spark.none") : t("spark.short", sums)}
        </span>
      </TableCell>
      <TableCell label={t("columns.hours")} className={tooNarrow}>
        <HourBars hours={hours} />
      </TableCell>
      <TableCell className="max-sm:-order-1 max-sm:py-1 lg:min-w-44">
        <span className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1 sm:grid sm:justify-items-start">
          {caller.leftOut ? <LeftOutPill /> : <VerdictPill verdict={caller.verdict} />}
          <CallerWhy caller={caller} className="text-pretty text-muted text-xs" />
          <CallerRhythm caller={caller} className="text-pretty text-muted text-xs" />
        </span>
      </TableCell>
      {mayChange && (
        <TableCell className="max-sm:absolute max-sm:top-2 max-sm:right-2">
          {!caller.others && <CallerControls caller={caller} onName={onName} />}
        </TableCell>
      )}
    </TableRow>
  );
}

const sumOf = (requests: readonly number[]) => requests.reduce((sum, each) => sum + each, 0);

/** All requests of these hours, with a live token and without. */
function hourSums({ live, other }: CallerHours): { live: number; other: number } {
  return { live: sumOf(live), other: sumOf(other) };
}

/** A caller's last 24 hours as bars: requests without the token on top of those with it. */
function HourBars({ hours }: { readonly hours: CallerHours }) {
  const t = useTranslations("preflight.spark");
  const label = useBucketLabel("hour");
  const { live, other } = hourSums(hours);
  if (live + other === 0) return <span className="text-muted text-xs">{t("none")}</span>;
  const bars = hours.live.map((lower, index) => {
    const start = new Date(hours.start.getTime() + index * hourMs);
    const upper = hours.other[index] ?? 0;
    return { start, lower, upper, title: t("hour", { when: label(start), live: lower, other: upper }) };
  });
  return (
    <Bars
      label={t("label", { live, other })}
      top={axisTop(Math.max(...bars.map(({ lower, upper }) => lower + upper)))}
      lowerColor="fill-good"
      upperColor="fill-warn"
      className="h-6 w-28 border-line border-b"
      values={bars}
    />
  );
}

const looks: Readonly<Record<Verdict, readonly [Tone, LucideIcon]>> = {
  rejected: ["warn", TriangleAlert],
  wrong_token: ["bad", KeyRound],
  waiting: ["idle", Clock],
  overdue: ["idle", Hourglass],
  ready: ["good", Check],
};

/** In the place of a verdict, which counts for nothing. */
function LeftOutPill() {
  const t = useTranslations("preflight");
  return (
    <StatusPill tone="idle" icon={UserX}>
      {t("leftOut")}
    </StatusPill>
  );
}

/** A caller's verdict in one or two words. */
function VerdictPill({ verdict }: { readonly verdict: Verdict }) {
  const t = useTranslations("preflight.verdict");
  const [tone, icon] = looks[verdict];
  return (
    <StatusPill tone={tone} icon={icon}>
      {t(verdict)}
    </StatusPill>
  );
}
