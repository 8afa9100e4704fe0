"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { FailureNotice } from "@/components/shell/failure-notice";
import { fieldError, useFieldMessage } from "@/components/shell/refusal-message";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHead } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { TextInput } from "@/components/ui/text-input";
import { toast } from "@/components/ui/toast";
import type { ActionResult } from "@/lib/domain/action-result";

interface RenameFormProps {
  readonly instanceId: string;
  readonly name: string;
  readonly rename: (input: { instanceId: string; name: string }) => Promise<ActionResult<unknown>>;
}

/** Gives the instance another name. */
export function RenameForm({ instanceId, name, rename }: RenameFormProps) {
  const t = useTranslations("instances.rename");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [typed, setTyped] = useState(name);
  const headingId = useId();

  function send() {
    void submit(
      () => rename({ instanceId, name: typed }),
      (result) => result.ok && toast.success(t("saved")),
    );
  }

  return (
    <Card aria-labelledby={headingId}>
      <form ref={form} action={send} noValidate>
        <CardHead id={headingId} title={t("title")} description={t("description")} />
        <CardBody className="grid gap-4 pt-0 md:pt-0">
          <FailureNotice failure={failure} />
          <Field hideLabel label={t("name")} name="name" error={fieldMessage(fieldError(failure, "name"))}>
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
    </Card>
  );
}
