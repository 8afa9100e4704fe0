"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/failure-notice";
import { fieldError, useFieldMessage } from "@/components/shell/refusal-message";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";
import { retentionDays } from "@/lib/domain/membership";

interface RetentionCardProps {
  readonly days: number;
  /** null for those who may look only. */
  readonly change: ((input: { days: string }) => Promise<ActionResult<unknown>>) | null;
}

/** For how long callers and traffic are kept. */
export function RetentionCard({ days, change }: RetentionCardProps) {
  const t = useTranslations("account.retention");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [typed, setTyped] = useState(String(days));

  function send() {
    if (!change) return;
    void submit(
      () => change({ days: typed }),
      (result) => result.ok && toast.success(t("saved")),
    );
  }

  const shorter = Number(typed) >= retentionDays.min && Number(typed) < days;
  return (
    <Card aria-labelledby="retention">
      <CardHead id="retention" title={t("title")} description={t("description", { days })} />
      {change && (
        <CardBody className="pt-0 md:pt-0">
          <form ref={form} action={send} noValidate className="grid gap-4">
            <FailureNotice failure={failure} />
            <Field
              label={t("days")}
              name="days"
              hint={shorter ? t("shorter", { days: Number(typed) }) : t("hint")}
              error={fieldMessage(fieldError(failure, "days"))}
            >
              {(control) => (
                <span className="flex flex-wrap gap-2">
                  <TextInput
                    {...control}
                    inputMode="numeric"
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                    autoComplete="off"
                    required
                    className="max-w-28"
                  />
                  <Button type="submit" pending={pending}>
                    {t("submit")}
                  </Button>
                </span>
              )}
            </Field>
          </form>
        </CardBody>
      )}
    </Card>
  );
}
