"use client";

import { useTranslations } from "next-intl";
import { Children, type ReactNode, type RefObject, useEffect, useState } from "react";
import { wireAnswers } from "@/components/instances/samples";
import { useCallerTitle } from "@/components/preflight/caller-words";
import { nameTag } from "@/components/shell/deletion-dialog";
import { type Failure, FailureNotice, fieldError } from "@/components/shell/refusal";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { Notice, StatusPill } from "@/components/ui/status";
import { code, Effects } from "@/components/ui/text";
import { toast } from "@/components/ui/toaster";
import { forecastGraceAction, protectKnownCallersAction } from "@/lib/actions/security-token";
import { type GraceCandidate, type GraceForecast, graceDays } from "@/lib/domain/grace";
import { namedIn } from "@/lib/domain/named-callers";
import { EnforceAnyway } from "./activate-dialog";
import { DaysField } from "./grace-card";
import type { TokenDialogProps } from "./token-dialog";
import { TokenFailure } from "./token-failure";

interface GraceDialogProps extends TokenDialogProps {
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  /** The form whose refused field gets the focus. */
  readonly form: RefObject<HTMLFormElement | null>;
}

/**
 * Says who is known and stays so, who would be rejected, and what this does not protect from, before known callers only
 * get in without the token. Callers are named as they were when the dialog opened; the use case judges again.
 */
export function GraceDialog({ seen, accountName, pending, failure, form, run, onCancel }: GraceDialogProps) {
  const t = useTranslations("security.grace.dialog");
  const cancel = useTranslations("common")("cancel");
  const [forecast, setForecast] = useState<GraceForecast | Failure | null>(null);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  const [days, setDays] = useState(String(graceDays.usual));
  useEffect(() => {
    let open = true;
    const failed: Failure = { ok: false, code: "failed", fields: [] };
    forecastGraceAction()
      .then((answer) => (answer.ok ? (answer.data ?? failed) : answer))
      .catch(() => failed)
      .then((answer) => open && setForecast(answer));
    return () => {
      open = false;
    };
  }, []);

  const known = forecast && "known" in forecast ? forecast : null;
  const confirmError = fieldError(failure, "confirmation");
  const breaking =
    known !== null && (known.unknownTotal + known.others.length > 0 || confirmError !== undefined);
  const daysError = fieldError(failure, "days");

  async function protect(confirmation: string) {
    if (!known) return;
    const { unknown: callers, unknownMore: more, others } = known;
    const named = namedIn({ callers, more, others: others.length });
    const asked = { days: Number(days), leftOut: [...leftOut], confirmation, named };
    const input = { tokenId: seen.tokenId ?? "", ...asked };
    const result = await run(
      () => protectKnownCallersAction(input),
      () => toast.success(t("done")),
    );
    if (!fieldError(result, "confirmation")) return;
    // What was refused was judged by newer callers.
    const newer = await forecastGraceAction().catch(() => null);
    if (newer?.ok && newer.data) setForecast(newer.data);
  }

  function toggle(id: string) {
    const next = new Set(leftOut);
    if (!next.delete(id)) next.add(id);
    setLeftOut(next);
  }

  return (
    <Dialog open size="lg" onOpenChange={onCancel} title={t("title")} description={t("description")}>
      <div className="grid gap-4">
        {failure && <TokenFailure change="protect" failure={failure} />}
        {forecast && "code" in forecast && <FailureNotice failure={forecast} />}
        {forecast === null && <p role="status">{t("loading")}</p>}
        {known && (
          <>
            <KnownList forecast={known} leftOut={leftOut} onToggle={toggle} />
            <Rejected forecast={known} leftOut={leftOut} />
            <DaysField value={days} onChange={setDays} error={daysError} />
            <Effects>
              <li>{t.rich("stranger", { code, answer: wireAnswers.missingToken })}</li>
              <li>{t("ratchet")}</li>
              <li>{t("end")}</li>
            </Effects>
            <Notice tone="warn" title={t("limit.title")}>
              {t("limit.text")}
            </Notice>
            {breaking && (
              <div className="rounded-md border border-line p-3.5">
                <EnforceAnyway
                  {...{ pending, form }}
                  label={t.rich("confirm", { value: accountName, name: nameTag })}
                  submit={t("submit")}
                  error={confirmError}
                  onConfirm={protect}
                />
              </div>
            )}
          </>
        )}
      </div>
      <DialogActions>
        <Button onClick={onCancel}>{cancel}</Button>
        {known && !breaking && (
          <Button variant="primary" pending={pending} onClick={() => protect("")}>
            {t("submit")}
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}

interface KnownListProps {
  readonly forecast: GraceForecast;
  readonly leftOut: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
}

/** Who goes on getting in, each with a box to leave it out. */
function KnownList({ forecast, leftOut, onToggle }: KnownListProps) {
  const t = useTranslations("security.grace.dialog");
  const { known, knownTotal } = forecast;
  if (knownTotal === 0) return <Notice tone="warn">{t("nobodyKnown")}</Notice>;
  return (
    <Group title={t("known", { total: knownTotal, left: leftOut.size })} label={t("knownList")}>
      {known.map((caller) => (
        <li key={caller.id}>
          <label className="flex cursor-pointer items-start gap-3 px-3.5 py-2">
            <input
              type="checkbox"
              checked={!leftOut.has(caller.id)}
              onChange={() => onToggle(caller.id)}
              className="mt-1 size-4 shrink-0 accent-accent"
            />
            <Who caller={caller} />
          </label>
        </li>
      ))}
      {knownTotal > known.length && (
        <li className="px-3.5 py-2 text-muted">{t("more", { more: knownTotal - known.length })}</li>
      )}
    </Group>
  );
}

/** Who would be rejected, of how many requests that was in a week, and whom addresses cannot hold. */
function Rejected({ forecast, leftOut }: Omit<KnownListProps, "onToggle">) {
  const t = useTranslations("security.grace.dialog");
  const noAgent = useTranslations("preflight")("noAgent");
  const consequence = useTranslations("consequence");
  const { known, unknown, unknownMore, unknownTotal, others, changing } = forecast;
  const { rejectedLastWeek, requestsLastWeek } = forecast;
  const left = known.filter(({ id }) => leftOut.has(id));
  const rejected = left.reduce((total, { withoutToken }) => total + withoutToken, rejectedLastWeek);
  return (
    <>
      {unknownTotal + others.length > 0 && (
        <Group title={t("unknown", { total: unknownTotal })} label={t("unknownList")}>
          {unknown.map((caller) => (
            <li key={caller.id} className="px-3.5 py-2">
              <Who caller={caller} />
            </li>
          ))}
          {unknownMore.map(({ agent, callers }) => (
            <li key={agent} className="px-3.5 py-2 wrap-anywhere">
              <span className="font-semibold">{agent || noAgent}</span>{" "}
              <span className="text-muted">{consequence("program", { callers })}</span>
            </li>
          ))}
          {others.map((instance) => (
            <li key={instance} className="px-3.5 py-2 text-muted wrap-anywhere">
              {t("others", { instance })}
            </li>
          ))}
        </Group>
      )}
      {changing.length > 0 && (
        <Notice tone="warn" title={t("changing.title")}>
          <ul>
            {changing.map(({ agent, instanceName, addresses }) => (
              <li key={`${instanceName} ${agent}`} className="wrap-anywhere">
                {t("changing.program", { agent: agent || noAgent, instance: instanceName, addresses })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <p className="text-pretty">{t("lastWeek", { rejected, requests: requestsLastWeek })}</p>
    </>
  );
}

/** So many rows fit without scrolling, long ones on a phone. */
const rowsInSight = 3;

interface GroupProps {
  readonly title: string;
  /** What a screen reader calls the list. */
  readonly label: string;
  readonly children: ReactNode;
}

function Group({ title, label, children }: GroupProps) {
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <p className="bg-sunken px-3.5 py-2.5 font-semibold text-pretty">{title}</p>
      {/* What scrolls has to be reached by keys. */}
      <ul
        aria-label={label}
        tabIndex={Children.count(children) > rowsInSight ? 0 : undefined}
        className="max-h-80 divide-y divide-line overflow-y-auto"
      >
        {children}
      </ul>
    </div>
  );
}

/** A caller, where and how often it called, and what deserves a look. */
function Who({ caller }: { readonly caller: GraceCandidate }) {
  const t = useTranslations("security.grace.caller");
  const noAddress = useTranslations("preflight")("noAddress");
  const title = useCallerTitle();
  const { name, agent, address, instanceName, firstSeenAt, requests, lately, seldom, sendsToken } = caller;
  return (
    <span className="min-w-0 flex-1">
      <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className="min-w-0 wrap-anywhere">
          <span className="font-semibold">{title({ name, agent, others: false })}</span>{" "}
          <span className="font-mono text-muted text-xs">{address ?? noAddress}</span>
        </span>
        {lately && <StatusPill tone="warn">{t("lately")}</StatusPill>}
        {seldom && <StatusPill tone="warn">{t("seldom", { requests })}</StatusPill>}
        {sendsToken && <StatusPill tone="good">{t("sendsToken")}</StatusPill>}
      </span>
      <span className="block text-muted text-xs wrap-anywhere">
        {t.rich("seen", {
          instance: instanceName,
          requests,
          when: () => <RelativeTime date={firstSeenAt} />,
        })}
      </span>
    </span>
  );
}
