"use client";

import { Check, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { InstanceStatus } from "@/components/instances/instance-header";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { onDemand } from "@/components/ui/on-demand";
import { StatusPill } from "@/components/ui/status";
import { Switch } from "@/components/ui/switch";
import { toast } from "@/components/ui/toaster";
import { forecastActivationAction, setInstanceEnforcementAction } from "@/lib/actions/security-token";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import { type InstanceEnforcement, type InstanceReadiness, isReady } from "@/lib/domain/enforcement";
import { namedBy } from "@/lib/domain/named-callers";
import type { SecurityPageView } from "@/lib/domain/security-page";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { TokenFailure } from "./token-failure";

interface EnforcementRowProps {
  readonly item: InstanceEnforcement;
  /** null: nobody has called it. */
  readonly readiness: InstanceReadiness | null;
  readonly mayChange: boolean;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
  /** Shows at once what an answer said. */
  readonly show: (change: (page: SecurityPageView) => SecurityPageView) => void;
}

const dialog = onDemand(() => import("./enforce-question"));

/** Which words stand beside a switch: how it is, or what was asked for and is not yet so. */
function stateOf(on: boolean, settled: boolean): "enforced" | "notYet" | "turningOn" | "turningOff" {
  if (settled) return on ? "enforced" : "notYet";
  return on ? "turningOn" : "turningOff";
}

/** One instance: its name, what enforcing does to its callers, whether it is enforced, and the switch. */
export function EnforcementRow({ item, readiness, mayChange, accountName, show }: EnforcementRowProps) {
  const t = useTranslations("security.enforcement");
  const { id: instanceId, name, paused, enforced } = item;
  const { pending, failure, form, submit, clear } = useSubmission();
  // Set while the switch asks: enforcing here would reject somebody, or may.
  const [question, setQuestion] = useState<ActivationForecast | null>(null);
  const confirmError = fieldError(failure, "confirmation");
  // What was asked for shows at once; the words do not run ahead of what is so.
  const [wish, setWish] = useState<boolean | null>(null);
  const lastWish = useRef<boolean | null>(null);

  /** Sends one change. @param confirmation as typed in the dialog; none from the switch. @returns whether it is so now */
  async function send(next: boolean, confirmation?: string): Promise<boolean> {
    const result = await submit(() =>
      setInstanceEnforcementAction({ instanceId, enforced: next, confirmation, named: namedBy(question) }),
    );
    if (result?.ok) {
      show((page) => switched(page, instanceId, next, result.data));
      setQuestion(null);
      const ended = !next && result.data.status === "disabled";
      // Not what is taken back already.
      if (confirmation !== undefined || lastWish.current === next) {
        toast.success(t(`done.${ended ? "ended" : next ? "on" : "off"}`, { name }));
      }
      return true;
    }
    // The row leaves with the page that is read anew: said here, or nowhere.
    if (result?.code === "not_found") toast.error(t("gone", { name }));
    const refused = next ? fieldError(result, "confirmation") : undefined;
    // Not read yet, or of others by now.
    if (refused && (confirmation === undefined || refused.code === "callers_changed")) await ask();
    return false;
  }

  async function ask() {
    const [forecast, loaded] = await Promise.all([
      forecastActivationAction({ instanceId }).catch(() => null),
      dialog.load(),
    ]);
    if (forecast?.ok && loaded) setQuestion(forecast.data);
    else toast.error(t("ask.failed", { name }));
  }

  /** Flipped again while a change is under way, the last wish counts: it is sent next. After a "no" nothing more is. */
  async function flip(next: boolean) {
    const underWay = lastWish.current !== null;
    lastWish.current = next;
    setWish(next);
    if (underWay) return;
    for (let sent: boolean | null = null; lastWish.current !== sent; ) {
      sent = lastWish.current;
      if (sent === null || !(await send(sent))) break;
    }
    lastWish.current = null;
    setWish(null);
  }

  function leaveQuestion() {
    setQuestion(null);
    clear();
  }

  const on = wish ?? enforced;
  const { EnforceQuestion } = dialog.part ?? {};
  const id = useId();

  return (
    <li className="grid gap-2 py-3">
      <div className="flex items-center justify-between gap-4">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-0.5">
          <Link
            id={`${id}-name`}
            href={`/instances/${instanceId}`}
            className="font-semibold underline-offset-4 wrap-anywhere hover:underline"
          >
            {name}
          </Link>
          {paused && <InstanceStatus paused />}
          <ReadinessLine readiness={readiness} enforced={enforced} />
        </div>
        <EnforcementSwitch
          on={on}
          labelledBy={`${id}-name`}
          stateText={t(stateOf(on, on === enforced && !pending))}
          pending={pending}
          onFlip={mayChange ? () => flip(!on) : null}
        />
      </div>
      {failure && !confirmError && !question && (
        <TokenFailure failure={failure} change={on ? "release" : "enforce"} />
      )}
      {question && EnforceQuestion && (
        <EnforceQuestion
          {...{ name, accountName, pending, failure, form }}
          forecast={question}
          onConfirm={(confirmation) => void send(true, confirmation)}
          onLeave={leaveQuestion}
        />
      )}
    </li>
  );
}

/** The page after one switch was answered. */
function switched(
  page: SecurityPageView,
  instanceId: string,
  enforced: boolean,
  token: SecurityTokenView,
): SecurityPageView {
  const items = page.enforcement.items.map((item) => (item.id === instanceId ? { ...item, enforced } : item));
  return { ...page, token, enforcement: { ...page.enforcement, items } };
}

interface EnforcementSwitchProps {
  readonly on: boolean;
  /** Id of the element that names the switch. */
  readonly labelledBy: string;
  /** The state in words, beside the switch. */
  readonly stateText: string;
  readonly pending: boolean;
  /** null: only the state is shown. */
  readonly onFlip: (() => void) | null;
}

/** The switch of an instance; for who may not flip it, its state alone. */
function EnforcementSwitch({ on, labelledBy, stateText, pending, onFlip }: EnforcementSwitchProps) {
  const id = useId();
  if (!onFlip) return <StatusPill tone={on ? "good" : "idle"}>{stateText}</StatusPill>;
  return (
    <Switch
      on={on}
      stateText={stateText}
      pending={pending}
      aria-labelledby={labelledBy}
      aria-describedby={id}
      onClick={onFlip}
    />
  );
}

interface ReadinessLineProps {
  /** null: nobody has called this instance. */
  readonly readiness: InstanceReadiness | null;
  readonly enforced: boolean;
}

/** What the switch of an instance does to its callers, or did. */
function ReadinessLine({ readiness, enforced }: ReadinessLineProps) {
  const t = useTranslations("security.enforcement.callers");
  if (readiness && !isReady(readiness)) {
    const { breaking, unproven, othersBreaking, othersUnproven } = readiness;
    const known = breaking > 0 || othersBreaking;
    const [count, more] = known ? [breaking, othersBreaking] : [unproven, othersUnproven];
    const maybe = unproven > 0 || othersUnproven;
    const text = { count, more: more ? "yes" : "no", maybe: maybe ? "yes" : "no" };
    return (
      <span className="flex items-center gap-1.5 text-warn text-xs">
        <TriangleAlert aria-hidden strokeWidth={2.5} className="size-3 shrink-0" />
        {known ? t(enforced ? "rejected" : "wouldReject", text) : t("mayReject", text)}
      </span>
    );
  }
  if (enforced) return null;
  if (!readiness || readiness.ready === 0) {
    const unchecked = readiness !== null && readiness.unchecked > 0;
    return <span className="text-muted text-xs">{t(unchecked ? "unchecked" : "unheard")}</span>;
  }
  return (
    <span className="flex items-center gap-1.5 text-good text-xs">
      <Check aria-hidden strokeWidth={2.5} className="size-3 shrink-0" />
      {t("ready", { unchecked: readiness.unchecked })}
    </span>
  );
}
