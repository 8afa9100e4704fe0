"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { InstanceStatus } from "@/components/instances/instance-status";
import { useSubmission } from "@/components/shell/use-submission";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import type { InstanceEnforcement } from "@/lib/domain/instance-enforcement";
import type { InstanceReadiness } from "@/lib/domain/instance-readiness";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { EnforcementSwitch } from "./enforcement-switch";
import { ReadinessLine } from "./readiness-line";
import { TokenFailure } from "./token-failure";
import { useLastWish } from "./use-last-wish";

/** The server action behind the switches. */
export type SwitchInstance = (input: {
  instanceId: string;
  enforced: boolean;
}) => Promise<ActionResult<SecurityTokenView>>;

interface EnforcementRowProps {
  readonly item: InstanceEnforcement;
  /** null: nobody has called it. */
  readonly readiness: InstanceReadiness | null;
  /** null: this person may look but not change. */
  readonly change: SwitchInstance | null;
}

/** Which words stand beside a switch: how it is, or what was asked for and is not yet so. */
function stateOf(on: boolean, settled: boolean): "enforced" | "notYet" | "turningOn" | "turningOff" {
  if (settled) return on ? "enforced" : "notYet";
  return on ? "turningOn" : "turningOff";
}

/** One instance: its name, what demanding the token does to its callers, whether the token is demanded on it, and the switch. */
export function EnforcementRow({ item, readiness, change }: EnforcementRowProps) {
  const t = useTranslations("security.enforcement");
  const { id: instanceId, name, paused, enforced } = item;
  const { pending, failure, submit } = useSubmission();
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
    return result?.ok === true;
  });
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
      {failure && <TokenFailure failure={failure} change={on ? "release" : "enforce"} />}
    </li>
  );
}
