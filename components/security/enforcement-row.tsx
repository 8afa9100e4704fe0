"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { startTransition, useId, useState } from "react";
import { InstanceStatus } from "@/components/instances/instance-status";
import { useSubmission } from "@/components/shell/use-submission";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import type { InstanceEnforcement } from "@/lib/domain/instance-enforcement";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import { EnforcementSwitch } from "./enforcement-switch";
import { TokenFailure } from "./token-failure";

/** The server action behind the switches. */
export type SwitchInstance = (input: {
  instanceId: string;
  enforced: boolean;
}) => Promise<ActionResult<SecurityTokenView>>;

interface EnforcementRowProps {
  readonly item: InstanceEnforcement;
  /** null: this person may look but not change. */
  readonly change: SwitchInstance | null;
}

/** One instance: its name, whether the token is demanded on it, and the switch. */
export function EnforcementRow({ item, change }: EnforcementRowProps) {
  const t = useTranslations("security.enforcement");
  const { id: instanceId, name, paused, enforced } = item;
  const { pending, failure, submit } = useSubmission();
  // What was asked for shows at once, and until the page says how it is; the words do not run ahead of it.
  const [asked, setAsked] = useState<boolean | null>(null);
  const on = asked ?? enforced;
  const settledText = enforced ? t("enforced") : t("notYet");
  const id = useId();

  function flip(run: SwitchInstance) {
    if (pending) return;
    const next = !on;
    setAsked(next);
    const settled = submit(
      () => run({ instanceId, enforced: next }),
      (result) => {
        // The row leaves with the page that the answer brings: said here, or nowhere.
        if (!result.ok && result.code === "not_found") toast.error(t("gone", { name }));
        if (!result.ok) return;
        const ended = !next && result.data.status === "disabled";
        toast.success(t(`done.${ended ? "ended" : next ? "on" : "off"}`, { name }));
      },
    );
    // Not before the page that the answer brought.
    void settled.finally(() => startTransition(() => setAsked(null)));
  }

  return (
    <li className="grid gap-2 py-3">
      <div className="flex items-center justify-between gap-4">
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            id={`${id}-name`}
            href={`/instances/${instanceId}`}
            className="font-semibold underline-offset-4 wrap-anywhere hover:underline"
          >
            {name}
          </Link>
          {paused && <InstanceStatus paused />}
        </div>
        <EnforcementSwitch
          on={on}
          labelledBy={`${id}-name`}
          stateText={on === enforced ? settledText : on ? t("turningOn") : t("turningOff")}
          pending={pending}
          onFlip={change && (() => flip(change))}
        />
      </div>
      {failure && <TokenFailure failure={failure} change={on ? "release" : "enforce"} />}
    </li>
  );
}
