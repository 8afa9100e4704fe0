"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FormDialog } from "@/components/shell/form-dialog";
import { TextField } from "@/components/shell/text-field";
import { useSubmission } from "@/components/shell/use-submission";
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
  const submission = useSubmission();
  const [name, setName] = useState(caller.name ?? "");
  const who = [caller.agent, caller.address].filter(Boolean).join(" · ");

  function save() {
    void submission.submit(
      () => nameCallerAction({ callerId: caller.id, name }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("nameDialog.done"));
        onClose();
      },
    );
  }

  return (
    <FormDialog
      title={t("nameDialog.title")}
      description={
        <>
          {t("nameDialog.description", { caller: who || t("noAgent"), instance: caller.instanceName })}
          <span className="mt-1 block font-mono text-xs wrap-anywhere">{caller.userAgent}</span>
        </>
      }
      submission={submission}
      send={save}
      onClose={onClose}
      submit={t("nameDialog.submit")}
    >
      <TextField
        label={t("nameDialog.field")}
        name="name"
        hint={t("nameDialog.hint")}
        value={name}
        onChange={setName}
        failure={submission.failure}
        data-autofocus
      />
    </FormDialog>
  );
}
