"use client";

import { ArrowRightLeft, Clock, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CallerWhy, useCallerTitle } from "@/components/preflight/caller-words";
import { CallerRhythm } from "@/components/preflight/rhythm-words";
import { classNames } from "@/components/ui/class-names";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import { code } from "@/components/ui/text";
import type {
  ActivationForecast,
  AffectedCaller,
  AffectedCallers,
  Consequence,
  ConsequenceChange,
} from "@/lib/domain/caller-view";
import { byProgram, concernsNobody, type ProgramGroup } from "@/lib/domain/consequence";
import { unclearPath } from "@/lib/domain/endpoint-seen";

interface AffectedProps {
  readonly consequence: Consequence;
}

/**
 * What a change would do to whom: those it rejects, those it may reject and those it leads elsewhere, all by name, or by
 * program where there are hundreds; or that it concerns nobody.
 */
export function ConsequenceCallers({ consequence }: AffectedProps) {
  const t = useTranslations("consequence");
  const { change, untouched, dismissed, requests } = consequence;
  if (concernsNobody(consequence)) {
    if (change === "activate") return null;
    return (
      <Notice tone={untouched > 0 && dismissed === 0 ? "good" : "idle"}>
        {t(`nobody.${change}`, { untouched })} {dismissed > 0 && t("dismissed", { dismissed })}
      </Notice>
    );
  }
  const { rejected, maybe, moved } = consequence;
  const rest = untouched + dismissed > 0;
  return (
    <div className="divide-y divide-line overflow-hidden rounded-md border border-line">
      <FateGroup
        affected={rejected}
        change={change}
        icon={TriangleAlert}
        title={t("rejected", { total: rejected.total })}
        label={t("list.rejected")}
      />
      {change !== "upstream" && (
        <FateGroup
          affected={maybe}
          change={change}
          icon={Clock}
          title={t(`maybe.${change}`, { total: maybe.total })}
          label={t(change === "activate" ? "list.silent" : "list.maybe")}
          silent
        />
      )}
      <FateGroup
        affected={moved}
        change={change}
        icon={ArrowRightLeft}
        title={t("moved", { total: moved.total, requests })}
        label={t("list.moved")}
      />
      {rest && change !== "activate" && (
        <p className="px-3.5 py-2 text-pretty text-muted">
          {untouched > 0 && t("untouched", { untouched })} {dismissed > 0 && t("dismissed", { dismissed })}
        </p>
      )}
    </div>
  );
}

interface ActivationProps {
  readonly forecast: ActivationForecast;
  /** Instances of the account. */
  readonly total: number;
}

/** The same for activating the token, with what is not known yet. Nothing while there is no instance. */
export function ActivationCallers({ forecast, total }: ActivationProps) {
  const t = useTranslations("consequence");
  const { maybe, unchecked, dismissed, heard } = forecast;
  if (total === 0) return null;
  if (concernsNobody(forecast)) {
    return (
      <Notice tone={heard && unchecked + dismissed === 0 ? "good" : "idle"}>
        {t(heard ? "nobody.activate" : "nobody.unheard", { unchecked, dismissed })}{" "}
        {dismissed > 0 && t("dismissedToken", { dismissed })}
      </Notice>
    );
  }
  return (
    <div className="grid gap-2">
      <ConsequenceCallers consequence={forecast} />
      {maybe.total > 0 && <p className="text-pretty text-muted">{t("gone", { total: maybe.total })}</p>}
      {unchecked > 0 && <p className="text-pretty text-muted">{t("unchecked", { unchecked })}</p>}
    </div>
  );
}

interface FateGroupProps extends Omit<AffectedListProps, "affected"> {
  readonly affected: AffectedCallers;
  readonly icon: LucideIcon;
  readonly title: string;
}

/** Everybody to whom a change does the same, under what it does. Nothing when there is nobody. */
function FateGroup({ icon: Icon, title, affected, ...list }: FateGroupProps) {
  if (affected.total + affected.others === 0) return null;
  return (
    <div>
      <p className="flex items-center gap-2.5 bg-warn-soft px-3.5 py-2.5 font-semibold text-pretty">
        <Icon aria-hidden className="size-4 shrink-0 text-warn" />
        {title}
      </p>
      <AffectedList affected={affected} {...list} className="max-h-80 px-3.5" />
    </div>
  );
}

interface AffectedListProps {
  readonly affected: AffectedCallers;
  readonly change: ConsequenceChange;
  /** What a screen reader calls the list. */
  readonly label: string;
  /** What they sent last is said as what was, since nobody has heard them since. */
  readonly silent?: boolean;
  readonly className?: string;
}

/** So many rows fit without scrolling, long ones on a phone. */
const rowsInSight = 3;

/** Callers by program: one that stands alone in a row, several of one program below it. What is long scrolls. */
export function AffectedList({ affected, change, label, silent = false, className }: AffectedListProps) {
  const t = useTranslations("consequence");
  const { callers, others } = affected;
  const row = (caller: AffectedCaller, named: boolean) => (
    <Row caller={caller} change={change} silent={silent} named={named} />
  );
  return (
    <ul
      aria-label={label}
      // What scrolls has to be reached by keys.
      tabIndex={callers.length > rowsInSight ? 0 : undefined}
      className={classNames("divide-y divide-line overflow-y-auto", className)}
    >
      {byProgram(affected).map((group) =>
        group.callers.length === 1 && group.more === 0 ? (
          group.callers.map((caller) => (
            <li key={caller.id} className="py-2">
              {row(caller, true)}
            </li>
          ))
        ) : (
          <li key={group.program} className="py-2">
            <Program group={group} row={(caller) => row(caller, false)} />
          </li>
        ),
      )}
      {others > 0 && <li className="py-2 text-muted">{t("others", { others })}</li>}
    </ul>
  );
}

interface ProgramProps {
  readonly group: ProgramGroup;
  readonly row: (caller: AffectedCaller) => ReactNode;
}

/** One program that calls from several places: each of them by name, those beyond the hundreds by number. */
function Program({ group: { program, callers, more }, row }: ProgramProps) {
  const t = useTranslations("consequence");
  const noAgent = useTranslations("preflight")("noAgent");
  const title = program || noAgent;
  return (
    <>
      <p className="wrap-anywhere">
        <span className="font-semibold">{title}</span>{" "}
        <span className="text-muted">{t("program", { callers: callers.length + more })}</span>
      </p>
      <ul aria-label={title} className="mt-1 grid gap-1.5 border-line border-l pl-3">
        {callers.map((caller) => (
          <li key={caller.id}>{row(caller)}</li>
        ))}
        {more > 0 && <li className="text-muted">{t("more", { more, named: callers.length })}</li>}
      </ul>
    </>
  );
}

interface RowProps {
  readonly caller: AffectedCaller;
  readonly change: ConsequenceChange;
  readonly silent: boolean;
  /** Whether the row says which program it is. */
  readonly named: boolean;
}

/** Changes of one instance, whose dialogs name it already. */
const ofOneInstance: readonly ConsequenceChange[] = [
  "endpoints",
  "pause",
  "delete",
  "regenerate",
  "upstream",
];

/** Who calls from where, what it sends, when it called last, and when it should again. */
function Row({ caller, change, silent, named }: RowProps) {
  const t = useTranslations("consequence");
  const preflight = useTranslations("preflight");
  const seen = useTranslations("endpoints.seen");
  const title = useCallerTitle();
  const { verdict, lastToken, lastSeenAt, requests, instanceName, endpoints = [] } = caller;
  const [first = ""] = endpoints;
  return (
    <div
      className={classNames(
        "gap-x-4 gap-y-0.5",
        endpoints.length > 0 ? "grid" : "flex flex-wrap items-center justify-between",
      )}
    >
      <span className="min-w-0 wrap-anywhere">
        {named && <span className="font-semibold">{title(caller)} </span>}
        <span className="font-mono text-muted text-xs">{caller.address ?? preflight("noAddress")}</span>
        {!ofOneInstance.includes(change) && (
          <span className="block text-muted text-xs">{t("on", { instance: instanceName })}</span>
        )}
        {endpoints.length > 0 && (
          <span className="block">
            {t.rich("loses", {
              code,
              first: first.replace(` ${unclearPath}`, ` (${seen("unclear")})`),
              endpoints: endpoints.length,
              more: endpoints.length - 1,
            })}
          </span>
        )}
      </span>
      <span className="text-pretty">
        {change === "activate" && verdict !== null && !silent && (
          <CallerWhy caller={{ ...caller, verdict }} className="block" />
        )}
        {change === "activate" && silent && <span className="block">{preflight(`sent.${lastToken}`)}</span>}
        <span className="block text-muted text-xs">
          {t.rich("lastCalled", { requests, when: () => <RelativeTime date={lastSeenAt} /> })}
        </span>
        <CallerRhythm caller={caller} className="block text-muted text-xs" />
      </span>
    </div>
  );
}
