"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { InstanceStatus } from "@/components/instances/instance-header";
import { BreakingCallers } from "@/components/preflight/breaking-callers";
import { nameTag } from "@/components/shell/deletion-dialog";
import { fieldError } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toaster";
import type { ActivationForecast } from "@/lib/domain/caller-view";
import type { InstanceEnforcement, InstanceReadiness } from "@/lib/domain/enforcement";
import type { ActionResult } from "@/lib/domain/errors";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { ActivateAnyway } from "./activate-anyway";
import { EnforcementSwitch } from "./enforcement-switch";
import { ReadinessLine } from "./readiness-line";
import { TokenFailure } from "./token-failure";
import { useLastWish } from "./use-last-wish";

/** The server action behind the switches. */
export type SwitchInstance = (input: {
  instanceId: string;
  enforced: boolean;
  confirmation?: string;
}) => Promise<ActionResult<SecurityTokenView>>;

/** The server action that says what a switch would do to its callers. */
export type ForecastInstance = (input: {
  instanceId: string;
}) => Promise<ActionResult<ActivationForecast | null>>;

interface EnforcementRowProps {
  readonly item: InstanceEnforcement;
  /** null: nobody has called it. */
  readonly readiness: InstanceReadiness | null;
  /** null: this person may look but not change. */
  readonly change: SwitchInstance | null;
  readonly forecast: ForecastInstance;
  /** To be typed before callers are knowingly rejected. */
  readonly accountName: string;
}

/** Which words stand beside a switch: how it is, or what was asked for and is not yet so. */
function stateOf(on: boolean, settled: boolean): "enforced" | "notYet" | "turningOn" | "turningOff" {
  if (settled) return on ? "enforced" : "notYet";
  return on ? "turningOn" : "turningOff";
}

/** One instance: its name, what demanding the token does to its callers, whether the token is demanded on it, and the switch. */
export function EnforcementRow({ item, readiness, change, forecast, accountName }: EnforcementRowProps) {
  const t = useTranslations("security.enforcement");
  const { id: instanceId, name, paused, enforced } = item;
  const { pending, failure, form, submit, clear } = useSubmission();
  // Set while the switch asks: demanding the token here would reject somebody, or may.
  const [question, setQuestion] = useState<ActivationForecast | null>(null);
  const confirmError = fieldError(failure, "confirmation");
  // What was asked for shows at once, and until the page says how it is; the words do not run ahead of it.
  const [asked, wish] = useLastWish(async (next, isLast) => {
    if (!change) return false;
    const result = await submit(
      () => change({ instanceId, enforced: next }),
      (result) => {
        // The row leaves with the page that the answer brings: said here, or nowhere.
        if (!result.ok && result.code === "not_found") toast.error(t("gone", { name }));
        if (!result.ok || !isLast()) return;
        const ended = !next && result.data.status === "disabled";
        toast.success(t(`done.${ended ? "ended" : next ? "on" : "off"}`, { name }));
      },
    );
    if (next && result && fieldError(result, "confirmation")) {
      const asked = await forecast({ instanceId }).catch(() => null);
      if (asked?.ok) setQuestion(asked.data);
      else toast.error(t("ask.failed", { name }));
    }
    return result?.ok === true;
  });
  function enforceAnyway(confirmation: string) {
    if (!change) return;
    void submit(
      () => change({ instanceId, enforced: true, confirmation }),
      (result) => {
        if (!result.ok) return;
        setQuestion(null);
        toast.success(t("done.on", { name }));
      },
    );
  }
  function leaveQuestion() {
    setQuestion(null);
    clear();
  }
  const on = asked ?? enforced;
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
          onFlip={change && (() => wish(!on))}
        />
      </div>
      {failure && !confirmError && !question && (
        <TokenFailure failure={failure} change={on ? "release" : "enforce"} />
      )}
      {question && (
        <Dialog open size="lg" onOpenChange={leaveQuestion} title={t("ask.title", { name })}>
          <div className="grid gap-4">
            {failure && !confirmError && <TokenFailure failure={failure} change="enforce" />}
            <BreakingCallers forecast={question} total={1} />
            <ActivateAnyway
              {...{ pending, form }}
              label={t.rich("ask.confirm", { value: accountName, name: nameTag })}
              submit={t("ask.submit")}
              // The first answer only said that a name is needed.
              error={confirmError?.code === "required" ? undefined : confirmError}
              onConfirm={enforceAnyway}
            />
          </div>
          <DialogActions>
            <Button onClick={leaveQuestion}>{t("ask.cancel")}</Button>
          </DialogActions>
        </Dialog>
      )}
    </li>
  );
}
