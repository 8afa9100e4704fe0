"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import type { ActionResult } from "@/lib/domain/errors";
import { fieldError, useFieldMessage } from "../shell/refusal";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { toast } from "../ui/toaster";

interface OwnNameProps {
  readonly name: string | null;
  readonly change: (input: { name: string }) => Promise<ActionResult<unknown>>;
}

/** The reader's own name, as other members see it. */
export function OwnName({ name, change }: OwnNameProps) {
  const t = useTranslations("settings.profile");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit } = useSubmission();
  const [typed, setTyped] = useState(name ?? "");

  function send() {
    void submit(
      () => change({ name: typed }),
      (result) => result.ok && toast.success(t("savedName")),
    );
  }

  return (
    <form ref={form} action={send} noValidate className="grid gap-4 px-4 pb-4 md:px-6 md:pb-5">
      <FailureNotice failure={failure} />
      <Field
        label={t("name")}
        name="name"
        hint={t("nameNote")}
        error={fieldMessage(fieldError(failure, "name"))}
      >
        {(control) => (
          <span className="flex flex-wrap gap-2">
            <TextInput
              {...control}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="name"
              className="flex-1 basis-48"
            />
            <Button type="submit" pending={pending}>
              {t("saveName")}
            </Button>
          </span>
        )}
      </Field>
    </form>
  );
}
