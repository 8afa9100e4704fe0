"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { fieldError, useFieldMessage } from "@/components/shell/refusal-message";
import { Button } from "@/components/ui/button";
import { Card, CardFoot, CardHead } from "@/components/ui/card";
import { Dialog, DialogActions } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import { code } from "./code-tag";
import { Effects } from "./effects";
import { FailureNotice } from "./failure-notice";
import { useSubmission } from "./use-submission";
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
  const { pending, failure, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const [confirmName, setConfirmName] = useState("");
  const headingId = useId();

  function send() {
    void submit(
      () => remove({ instanceId, confirmName }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("done", { name }));
        router.replace("/instances");
        router.refresh();
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
    <Card aria-labelledby={headingId}>
      <CardHead id={headingId} title={t("title")} description={t("text")} />
      <CardFoot>
        <Button className="text-bad" onClick={() => change(true)}>
          {t("open")}
        </Button>
      </CardFoot>
      <Dialog
        open={open}
        onOpenChange={change}
        title={t("dialogTitle", { name })}
        description={t("dialogDescription")}
      >
        <form action={send} noValidate className="grid gap-5">
          <FailureNotice failure={failure} />
          <Effects>
            <li>{t.rich("effectCalls", { code, answer: wireAnswers.unknownInstance })}</li>
            <li>{t("effectData")}</li>
            <li>{t("effectOthers")}</li>
          </Effects>
          <Field
            label={t("confirm")}
            name="confirmName"
            hint={t.rich("confirmHint", {
              name: (chunks) => <b className="break-words font-medium text-text">{chunks}</b>,
              value: name,
            })}
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
          <DialogActions>
            <Button onClick={() => change(false)}>{t("cancel")}</Button>
            <Button type="submit" variant="danger" pending={pending}>
              {t("submit")}
            </Button>
          </DialogActions>
        </form>
      </Dialog>
    </Card>
  );
}
