"use client";

import { Plus } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice, fieldError, useFieldMessage } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { Button } from "@/components/ui/button";
import { Dialog, FormActions } from "@/components/ui/dialog";
import { Field, TextInput } from "@/components/ui/field";
import { createInstanceAction } from "@/lib/actions/instances";

/** The button *New instance* with its dialog; leads to the new instance's page. */
export function CreateInstance() {
  const t = useTranslations("instances.create");
  const fieldMessage = useFieldMessage();
  const router = useRouter();
  const { pending, failure, form, submit, clear, leave } = useSubmission();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const [upstreamUrl, setUpstreamUrl] = useState("");

  function send() {
    void submit(
      () => createInstanceAction({ name, upstreamUrl }),
      (result) => result.ok && leave(() => router.push(`/instances/${result.data.instanceId}`)),
    );
  }

  function change(next: boolean) {
    if (!next) clear();
    setOpen(next);
  }

  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden />
        {t("open")}
      </Button>
      <Dialog open={open} onOpenChange={change} title={t("title")} description={t("description")}>
        <form ref={form} action={send} noValidate>
          <div className="grid gap-5">
            <FailureNotice failure={failure} />
            <Field
              label={t("name")}
              name="name"
              hint={t("nameHint")}
              error={fieldMessage(fieldError(failure, "name"))}
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                  autoComplete="off"
                  required
                />
              )}
            </Field>
            <Field
              label={t("upstream")}
              name="upstreamUrl"
              hint={t("upstreamHint")}
              error={fieldMessage(fieldError(failure, "upstreamUrl"))}
            >
              {(control) => (
                <TextInput
                  {...control}
                  value={upstreamUrl}
                  onChange={(event) => setUpstreamUrl(event.target.value)}
                  inputMode="url"
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  placeholder={t("upstreamPlaceholder")}
                />
              )}
            </Field>
          </div>
          <FormActions
            cancel={t("cancel")}
            onCancel={() => change(false)}
            submit={t("submit")}
            pending={pending}
          />
        </form>
      </Dialog>
    </>
  );
}
