"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { code } from "@/components/instances/code-tag";
import { Effects } from "@/components/instances/effects";
import { wireAnswers } from "@/components/instances/wire-answers";
import { FailureNotice } from "@/components/shell/failure-notice";
import { fieldError, useFieldMessage } from "@/components/shell/refusal-message";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardFoot, CardHead } from "@/components/ui/card";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { FormActions } from "@/components/ui/form-actions";
import { TextInput } from "@/components/ui/text-input";
import type { ActionResult } from "@/lib/domain/action-result";

/** The whole activity trail, with its signed end. */
const exportHref = "/activity/export?format=jsonl";

interface DeleteAccountProps {
  readonly accountName: string;
  readonly instances: number;
  readonly members: number;
  readonly remove: (input: { confirmName: string }) => Promise<ActionResult<unknown>>;
}

/** Deletes the account for good, once its name has been typed. */
export function DeleteAccount({ accountName, instances, members, remove }: DeleteAccountProps) {
  const t = useTranslations("account.delete");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const [confirmName, setConfirmName] = useState("");

  function send() {
    void submit(
      () => remove({ confirmName }),
      (result) => result.ok && location.assign("/accounts"),
    );
  }

  function change(next: boolean) {
    clear();
    setConfirmName("");
    setOpen(next);
  }

  return (
    <Card aria-labelledby="delete-account">
      <CardHead id="delete-account" title={t("title")} description={t("description")} />
      <CardFoot note={t("note")}>
        <Button onClick={() => change(true)}>{t("open")}</Button>
      </CardFoot>
      <Dialog
        open={open}
        onOpenChange={change}
        title={<span className="wrap-anywhere">{t("dialogTitle", { account: accountName })}</span>}
        description={t("dialogDescription")}
      >
        <form ref={form} action={send} noValidate>
          <div className="grid gap-5">
            <FailureNotice failure={failure} />
            <Effects>
              <li>
                {t.rich("effectCalls", { count: instances, code, answer: wireAnswers.unknownInstance })}
              </li>
              <li>{t("effectMembers", { count: members - 1 })}</li>
              <li>
                {t.rich("effectData", {
                  link: (chunks) => (
                    <a href={exportHref} download className="text-accent underline">
                      {chunks}
                    </a>
                  ),
                })}
              </li>
              <li>{t("effectOthers")}</li>
            </Effects>
            <Field
              label={t.rich("confirm", {
                value: accountName,
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
    </Card>
  );
}
