"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { FailureNotice } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import type { ActionResult } from "@/lib/domain/errors";
import { fieldError, useFieldMessage } from "../shell/refusal";
import { Button } from "../ui/button";
import { Dialog, FormActions } from "../ui/dialog";
import { EmailField } from "../ui/field";
import { toast } from "../ui/toaster";

/** Sends the link that makes another address one's own. */
export type ChangeAddressAction = (input: { readonly email: string }) => Promise<ActionResult<void>>;

/** Asks for another address to sign in with, after saying what happens then. */
export function ChangeAddress({ change }: { readonly change: ChangeAddressAction }) {
  const t = useTranslations("settings.email.change");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit, clear } = useSubmission();
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState("");

  function show(next: boolean) {
    if (!next) {
      clear();
      setEmail("");
    }
    setOpen(next);
  }

  function send() {
    void submit(
      () => change({ email }),
      (result) => {
        if (!result.ok) return;
        show(false);
        toast.success(t("sent"));
      },
    );
  }

  return (
    <>
      <Button onClick={() => show(true)}>{t("open")}</Button>
      <Dialog open={open} onOpenChange={show} title={t("title")} description={t("text")}>
        <form ref={form} action={send} noValidate>
          <div className="grid gap-5">
            <FailureNotice failure={failure} />
            <EmailField
              label={t("email")}
              error={fieldMessage(fieldError(failure, "email"))}
              value={email}
              onChange={setEmail}
              autoComplete="email"
            />
          </div>
          <FormActions
            cancel={t("cancel")}
            onCancel={() => show(false)}
            submit={t("submit")}
            pending={pending}
          />
        </form>
      </Dialog>
    </>
  );
}
