"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/failure-notice";
import { fieldError, useFieldMessage } from "@/components/shell/refusal-message";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormActions } from "@/components/ui/form-actions";
import { TextInput } from "@/components/ui/text-input";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import { ActionCard } from "./action-card";
import { code } from "./code-tag";
import { Effects } from "./effects";
import { wireAnswers } from "./wire-answers";

interface RemoveInstanceProps {
  readonly instanceId: string;
  readonly name: string;
  readonly remove: (input: { instanceId: string; confirmName: string }) => Promise<ActionResult<unknown>>;
}

/** Deletes an instance for good, once its name has been typed. */
export function RemoveInstance({ instanceId, name, remove }: RemoveInstanceProps) {
  const t = useTranslations("instances.remove");
  const fieldMessage = useFieldMessage();
  const router = useRouter();
  const { pending, failure, form, submit, clear, leave } = useSubmission();
  const [open, setOpen] = useState(false);
  const [confirmName, setConfirmName] = useState("");

  function send() {
    void submit(
      () => remove({ instanceId, confirmName }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("done", { name }));
        leave(() => {
          router.replace("/instances");
          router.refresh();
        });
      },
    );
  }

  function change(next: boolean) {
    if (!next) {
      clear();
      setConfirmName("");
    }
    setOpen(next);
  }

  return (
    <ActionCard
      title={t("title")}
      text={t("text")}
      action={<Button onClick={() => change(true)}>{t("open")}</Button>}
    >
      <Dialog
        open={open}
        onOpenChange={change}
        title={<span className="wrap-anywhere">{t("dialogTitle", { name })}</span>}
        description={t("dialogDescription")}
      >
        <form ref={form} action={send} noValidate>
          <div className="grid gap-5">
            <FailureNotice failure={failure} />
            <Effects>
              <li>{t.rich("effectCalls", { code, answer: wireAnswers.unknownInstance })}</li>
              <li>{t("effectData")}</li>
              <li>{t("effectOthers")}</li>
            </Effects>
            <Field
              label={t.rich("confirm", {
                value: name,
                name: (chunks) => <b className="font-semibold wrap-anywhere">{chunks}</b>,
              })}
              name="confirmName"
              error={fieldMessage(fieldError(failure, "confirmName"))}
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={confirmName}
                  onChange={(event) => setConfirmName(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                />
              )}
            </Field>
          </div>
          <FormActions
            cancel={t("cancel")}
            onCancel={() => change(false)}
            submit={t("submit")}
            variant="danger"
            pending={pending}
          />
        </form>
      </Dialog>
    </ActionCard>
  );
}
