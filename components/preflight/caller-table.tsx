import Link from "next/link";
import { useTranslations } from "next-intl";
import { DateTime } from "@/components/ui/date-time";
import { DataTable, TableCell, TableRow } from "@/components/ui/list";
import { RelativeTime } from "@/components/ui/relative-time";
import type { CallerView } from "@/lib/domain/caller-view";
import { type CallerActions, CallerControls } from "./caller-controls";
import { CallerHours } from "./caller-hours";
import { CallerSpark } from "./caller-spark";
import { useCallerTitle } from "./use-caller-title";
import { VerdictCell } from "./verdict-cell";

interface CallerTableProps {
  readonly callers: readonly CallerView[];
  /** null: this person may look but not change. */
  readonly actions: CallerActions | null;
}

/** Between cards and wide tables there is no room for the chart; a sentence says how many. */
const tooNarrow = "sm:max-lg:hidden!";

/** Who calls which instance, when last, how often, and what would become of it. */
export function CallerTable({ callers, actions }: CallerTableProps) {
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
        ...(actions ? [{ id: "actions", label: t("columns.actions"), hideLabel: true }] : []),
      ]}
    >
      {callers.map((caller) => (
        <CallerRow key={caller.id} caller={caller} actions={actions} />
      ))}
    </DataTable>
  );
}

function CallerRow({ caller, actions }: { caller: CallerView; actions: CallerActions | null }) {
  const t = useTranslations("preflight");
  const { instanceId, instanceName, firstSeenAt, lastSeenAt, lastMethod, lastPath, hours } = caller;
  return (
    <TableRow className="max-sm:relative">
      <TableCell className="sm:min-w-32 max-sm:-order-2 max-sm:pr-18">
        <CallerName caller={caller} fullAgent={actions === null} />
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
          <CallerHours hours={hours} />
        </span>
      </TableCell>
      <TableCell label={t("columns.hours")} className={tooNarrow}>
        <CallerSpark hours={hours} />
      </TableCell>
      <TableCell className="max-sm:-order-1 max-sm:py-1 lg:min-w-44">
        <VerdictCell caller={caller} />
      </TableCell>
      {actions && (
        <TableCell className="max-sm:absolute max-sm:top-2 max-sm:right-2">
          {!caller.others && <CallerControls caller={caller} actions={actions} />}
        </TableCell>
      )}
    </TableRow>
  );
}

interface CallerNameProps {
  readonly caller: CallerView;
  /** Whether the full user agent can be unfolded; for those who have no dialog that says it. */
  readonly fullAgent: boolean;
}

/** Name or program, the program again under a name, and the address; the full user agent on hover. */
function CallerName({ caller, fullAgent }: CallerNameProps) {
  const t = useTranslations("preflight");
  const title = useCallerTitle();
  const { name, agent, address, others, userAgent } = caller;
  if (others) {
    return (
      <>
        <span className="font-semibold">{title(caller)}</span>
        <span className="block text-muted text-xs">{t("othersHint")}</span>
      </>
    );
  }
  return (
    <>
      <span className="font-semibold wrap-anywhere" title={userAgent || undefined}>
        {title(caller)}
      </span>
      <span className="block text-muted text-xs wrap-anywhere">
        {name !== null && agent !== "" && `${agent} · `}
        <span className="font-mono">{address ?? t("noAddress")}</span>
      </span>
      {fullAgent && userAgent !== "" && (
        <details className="text-muted text-xs">
          <summary className="cursor-pointer">{t("userAgent")}</summary>
          <span className="font-mono wrap-anywhere">{userAgent}</span>
        </details>
      )}
    </>
  );
}
