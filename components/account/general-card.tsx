"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { FailureNotice } from "@/components/shell/failure-notice";
import { fieldError, useFieldMessage } from "@/components/shell/refusal-message";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";

interface GeneralCardProps {
  readonly accountName: string;
  readonly rename: (input: { accountName: string }) => Promise<ActionResult<unknown>>;
  /** The foot of the card. */
  readonly children?: ReactNode;
}

/** The account's name. */
export function GeneralCard({ accountName, rename, children }: GeneralCardProps) {
  const t = useTranslations("account.general");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [typed, setTyped] = useState(accountName);

  function send() {
    void submit(
      () => rename({ accountName: typed }),
      (result) => result.ok && toast.success(t("saved")),
    );
  }

  return (
    <Card aria-labelledby="general">
      <form ref={form} action={send} noValidate>
        <CardHead id="general" title={t("title")} description={t("description")} />
        <CardBody className="grid gap-4 pt-0 md:pt-0">
          <FailureNotice failure={failure} />
          <Field
            label={t("name")}
            name="accountName"
            error={fieldMessage(fieldError(failure, "accountName"))}
          >
            {(control) => (
              <span className="flex flex-wrap gap-2">
                <TextInput
                  {...control}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                  required
                  className="flex-1 basis-48"
                />
                <Button type="submit" pending={pending}>
                  {t("submit")}
                </Button>
              </span>
            )}
          </Field>
        </CardBody>
      </form>
      {children}
    </Card>
  );
}
