"use client";

import { Clock, type LucideIcon, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Children, type ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice } from "@/components/ui/status";
import type {
  ActivationForecast,
  BreakingCaller,
  ProgramCount,
  UnprovenCaller,
} from "@/lib/domain/caller-view";
import { CallerWhy, useCallerTitle } from "./caller-words";
import { CallerRhythm } from "./rhythm-words";

interface BreakingCallersProps {
  readonly forecast: ActivationForecast;
  /** Instances of the account. */
  readonly total: number;
}

/**
 * Who would be rejected if the token were activated now, and who may be, since nobody has heard them since: all by
 * name, or by program where there are hundreds; or that nobody would.
 */
export function BreakingCallers({ forecast, total }: BreakingCallersProps) {
  const t = useTranslations("preflight.dialog");
  const { callers, total: breaking, others, unproven, unchecked, dismissed, heard } = forecast;
  if (total === 0) return null;
  if (breaking + others + unproven.total + unproven.others === 0) {
    return (
      <Notice tone={heard && unchecked + dismissed === 0 ? "good" : "idle"}>
        {t(heard ? "nobody" : "unheard", { unchecked, dismissed })}{" "}
        {dismissed > 0 && t("dismissed", { dismissed })}
      </Notice>
    );
  }
  return (
    <div className="divide-y divide-line overflow-hidden rounded-md border border-line">
      {breaking + others > 0 && (
        <Group
          icon={TriangleAlert}
          title={t("rejected", { total: breaking })}
          label={t("list")}
          more={forecast.more}
          others={others}
        >
          {callers.map((caller) => (
            <Row key={caller.id} caller={caller}>
              <span className="text-pretty">
                <CallerWhy caller={caller} />
                <CallerRhythm caller={caller} className="block text-muted text-xs" />
              </span>
            </Row>
          ))}
        </Group>
      )}
      {unproven.total + unproven.others > 0 && (
        <Group
          icon={Clock}
          title={t("unproven", { total: unproven.total })}
          label={t("unprovenList")}
          more={unproven.more}
          others={unproven.others}
        >
          {unproven.callers.map((caller) => (
            <Row key={caller.id} caller={caller}>
              <LastHeard caller={caller} />
            </Row>
          ))}
          {unproven.total > 0 && (
            <li className="px-3.5 py-2 text-pretty text-muted">{t("gone", { total: unproven.total })}</li>
          )}
        </Group>
      )}
      {unchecked > 0 && <p className="px-3.5 py-2 text-pretty text-muted">{t("unchecked", { unchecked })}</p>}
    </div>
  );
}

/** So many rows fit without scrolling, long ones on a phone. */
const rowsInSight = 3;

interface GroupProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What a screen reader calls the list. */
  readonly label: string;
  /** Programs of callers beyond those that are named one by one, and instances with other callers. */
  readonly more: readonly ProgramCount[];
  readonly others: number;
  readonly children: ReactNode;
}

function Group({ icon: Icon, title, label, more, others, children }: GroupProps) {
  const t = useTranslations("preflight.dialog");
  const noAgent = useTranslations("preflight")("noAgent");
  return (
    <div>
      <p className="flex items-center gap-2.5 bg-warn-soft px-3.5 py-2.5 font-semibold text-pretty">
        <Icon aria-hidden className="size-4 shrink-0 text-warn" />
        {title}
      </p>
      <ul
        aria-label={label}
        // What scrolls has to be reached by keys.
        tabIndex={Children.count(children) > rowsInSight ? 0 : undefined}
        className="max-h-80 divide-y divide-line overflow-y-auto"
      >
        {children}
        {more.map(({ agent, callers }) => (
          <li key={agent} className="px-3.5 py-2 text-muted wrap-anywhere">
            {t("more", { agent: agent || noAgent, callers })}
          </li>
        ))}
        {others > 0 && <li className="px-3.5 py-2 text-muted">{t("others", { others })}</li>}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly caller: BreakingCaller | UnprovenCaller;
  readonly children: ReactNode;
}

function Row({ caller, children }: RowProps) {
  const t = useTranslations("preflight");
  const title = useCallerTitle();
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-3.5 py-2">
      <span className="min-w-0 wrap-anywhere">
        <span className="font-semibold">{title(caller)}</span>{" "}
        <span className="font-mono text-muted text-xs">{caller.address ?? t("noAddress")}</span>
        <span className="block text-muted text-xs">{t("dialog.on", { instance: caller.instanceName })}</span>
      </span>
      {children}
    </li>
  );
}

/** What it sent when it last called, when that was, and how often it does. */
function LastHeard({ caller }: { readonly caller: UnprovenCaller }) {
  const t = useTranslations("preflight");
  const { lastToken, lastSeenAt, requests } = caller;
  return (
    <span className="text-pretty">
      {t(`sent.${lastToken}`)}
      <span className="block text-muted text-xs">
        {t.rich("dialog.lastCalled", { requests, when: () => <RelativeTime date={lastSeenAt} /> })}
      </span>
      <CallerRhythm caller={caller} className="block text-muted text-xs" />
    </span>
  );
}
