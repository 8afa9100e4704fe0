"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import { nameCallerAction } from "@/lib/actions/security-token";
import type { CallerView } from "@/lib/domain/caller-view";

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
