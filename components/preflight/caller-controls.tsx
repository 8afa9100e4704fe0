"use client";

import { Pencil, Undo2, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRefusalMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { toast } from "@/components/ui/toaster";
import type { CallerView } from "@/lib/domain/caller-view";
import type { ActionResult } from "@/lib/domain/errors";
import { useNaming } from "./caller-naming";
import { useCallerTitle } from "./use-caller-title";

/** The server actions behind a caller's buttons. */
export interface CallerActions {
  readonly name: (input: { callerId: string; name: string }) => Promise<ActionResult<unknown>>;
  readonly dismiss: (input: {
    callerId: string;
    lastSeenAt: Date;
  }) => Promise<ActionResult<{ calledAgain: boolean }>>;
  readonly restore: (input: { callerId: string }) => Promise<ActionResult<unknown>>;
}

interface CallerControlsProps {
  readonly caller: CallerView;
  readonly actions: CallerActions;
}

/** Gives a caller a name, takes it for gone, or takes that back. */
export function CallerControls({ caller, actions }: CallerControlsProps) {
  const t = useTranslations("preflight");
  const message = useRefusalMessage();
  const title = useCallerTitle();
  const { pending, submit } = useSubmission();
  const name = useNaming();
  const { id: callerId, lastSeenAt, dismissed } = caller;
  const values = { caller: title(caller) };
  const change = dismissed ? "restore" : "dismiss";

  function flip() {
    const run = {
      dismiss: () => actions.dismiss({ callerId, lastSeenAt }),
      restore: async () => ({ ...(await actions.restore({ callerId })), data: { calledAgain: false } }),
    };
    void submit(run[change], (result) => {
      if (!result.ok) toast.error(message(result));
      else if (result.data.calledAgain) toast.error(t("calledAgain", values));
      else toast.success(t(`done.${change}`, values));
    });
  }

  const label = `${t(`actions.${change}`)}: ${values.caller}`;
  const Icon = dismissed ? Undo2 : X;
  return (
    <span className="flex justify-end gap-0.5">
      <Button
        variant="quiet"
        size="sm"
        aria-label={`${t("actions.name")}: ${values.caller}`}
        title={t("actions.name")}
        onClick={() => name(caller)}
      >
        <Pencil aria-hidden />
      </Button>
      <Button
        variant="quiet"
        size="sm"
        pending={pending}
        aria-label={label}
        title={t(`actions.${change}`)}
        onClick={flip}
      >
        <Icon aria-hidden />
      </Button>
    </span>
  );
}
