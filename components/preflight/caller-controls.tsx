"use client";

import { Pencil, Undo2, UserX, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRefusalMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import {
  dismissCallerAction,
  leaveOutCallerAction,
  restoreCallerAction,
  takeBackCallerAction,
} from "@/lib/actions/security-token";
import type { CallerView } from "@/lib/domain/caller-view";
import type { ActionResult } from "@/lib/domain/errors";
import { useCallerTitle } from "./caller-words";

const icons = { dismiss: X, restore: Undo2, leaveOut: UserX, takeBack: Undo2 } as const;

interface CallerControlsProps {
  readonly caller: CallerView;
  /** Opens the dialog that names it. */
  readonly onName: (caller: CallerView) => void;
}

/** Gives a caller a name, takes it for gone, leaves it out, or takes either back. */
export function CallerControls({ caller, onName }: CallerControlsProps) {
  const t = useTranslations("preflight");
  const message = useRefusalMessage();
  const title = useCallerTitle();
  const { pending, submit } = useSubmission();
  const { id: callerId, lastSeenAt, dismissed, leftOut } = caller;
  const values = { caller: title(caller) };
  const gone = dismissed ? "restore" : "dismiss";
  const changes = leftOut ? (["takeBack"] as const) : ([gone, "leaveOut"] as const);

  function make(change: (typeof changes)[number]) {
    const done = async (work: Promise<ActionResult<undefined>>) => ({
      ...(await work),
      data: { calledAgain: false },
    });
    const run = {
      dismiss: () => dismissCallerAction({ callerId, lastSeenAt }),
      restore: () => done(restoreCallerAction({ callerId })),
      leaveOut: () => done(leaveOutCallerAction({ callerId })),
      takeBack: () => done(takeBackCallerAction({ callerId })),
    };
    void submit(run[change], (result) => {
      if (!result.ok) toast.error(message(result));
      else if (result.data.calledAgain) toast.error(t("calledAgain", values));
      else toast.success(t(`done.${change}`, values));
    });
  }

  return (
    <span className="flex justify-end gap-0.5 max-sm:flex-col">
      <Button
        variant="quiet"
        size="sm"
        aria-label={`${t("actions.name")}: ${values.caller}`}
        title={t("actions.name")}
        onClick={() => onName(caller)}
      >
        <Pencil aria-hidden />
      </Button>
      {changes.map((change) => {
        const Icon = icons[change];
        return (
          <Button
            key={change}
            variant="quiet"
            size="sm"
            pending={pending}
            aria-label={`${t(`actions.${change}`)}: ${values.caller}`}
            title={t(`actions.${change}`)}
            onClick={() => make(change)}
          >
            <Icon aria-hidden />
          </Button>
        );
      })}
    </span>
  );
}
