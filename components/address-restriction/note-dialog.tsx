"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import { toast } from "@/components/ui/toaster";
import type { AddressRuleView } from "@/lib/domain/address-view";
import type { AddressActions } from "./address-actions";
import { AddressFailure } from "./address-failure";

interface NoteDialogProps {
  readonly rule: AddressRuleView;
  readonly run: AddressActions["note"];
  readonly onClose: () => void;
}

/** Changes the note of an entry. */
export function NoteDialog({ rule, run, onClose }: NoteDialogProps) {
  const t = useTranslations("addresses");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [note, setNote] = useState(rule.note);

  function send() {
    void submit(
      () => run({ ruleId: rule.id, note }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("note.done"));
        onClose();
      },
    );
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={<span className="wrap-anywhere">{t("note.title", { address: rule.cidr })}</span>}
    >
      <form ref={form} action={send} noValidate>
        <div className="grid gap-4">
          <AddressFailure failure={failure} shown={["note"]} />
          <Field
            label={t("note.field")}
            name="note"
            hint={t("note.hint")}
            error={fieldMessage(fieldError(failure, "note"))}
          >
            {(control) => (
              <TextInput
                {...control}
                data-autofocus
                value={note}
                onChange={(event) => setNote(event.target.value)}
                autoComplete="off"
              />
            )}
          </Field>
        </div>
        <FormActions
          cancel={t("action.cancel")}
          onCancel={onClose}
          submit={t("note.submit")}
          pending={pending}
        />
      </form>
    </Dialog>
  );
}
