"use client";

import { Pencil, Undo2, UserX, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice, fieldError, useFieldMessage, useRefusalMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import {
  dismissCallerAction,
  leaveOutCallerAction,
  nameCallerAction,
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

interface NameDialogProps {
  readonly caller: CallerView;
  readonly onClose: () => void;
}

/** Asks for the name that people know a caller by. It stands above the table: rows come and go while someone types. */
export function NameDialog({ caller, onClose }: NameDialogProps) {
  const t = useTranslations("preflight");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [name, setName] = useState(caller.name ?? "");
  const who = [caller.agent, caller.address].filter(Boolean).join(" · ");

  function save() {
    void submit(
      () => nameCallerAction({ callerId: caller.id, name }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("nameDialog.done"));
        onClose();
      },
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("nameDialog.title")}
      description={
        <>
          {t("nameDialog.description", { caller: who || t("noAgent"), instance: caller.instanceName })}
          <span className="mt-1 block font-mono text-xs wrap-anywhere">{caller.userAgent}</span>
        </>
      }
    >
      <form ref={form} action={save} noValidate>
        <div className="grid gap-4">
          <FailureNotice failure={failure} />
          <Field
            label={t("nameDialog.field")}
            name="name"
            hint={t("nameDialog.hint")}
            error={fieldMessage(fieldError(failure, "name"))}
          >
            {(control) => (
              <TextInput
                {...control}
                data-autofocus
                value={name}
                onChange={(event) => setName(event.target.value)}
                autoComplete="off"
              />
            )}
          </Field>
        </div>
        <FormActions
          cancel={t("nameDialog.cancel")}
          onCancel={onClose}
          submit={t("nameDialog.submit")}
          pending={pending}
        />
      </form>
    </Dialog>
  );
}
