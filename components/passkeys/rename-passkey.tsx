"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { nameMaxLength } from "@/lib/domain/instance";
import { FailureNotice, fieldError, useFieldMessage } from "../shell/refusal";
import { useSubmission } from "../shell/use-submission";
import { Button } from "../ui/button";
import { Dialog, FormActions } from "../ui/dialog";
import { Field, TextInput } from "../ui/field";
import { toast } from "../ui/toaster";
import type { PasskeyActions } from "./actions";

interface RenamePasskeyProps {
  readonly passkeyId: string;
  readonly name: string;
  readonly rename: PasskeyActions["rename"];
}

/** Gives a passkey another name. */
export function RenamePasskey({ passkeyId, name, rename }: RenamePasskeyProps) {
  const t = useTranslations("passkeys");
  const fieldMessage = useFieldMessage();
  const { pending, failure, form, submit, clear } = useSubmission();
  const [typed, setTyped] = useState<string | null>(null);

  function close() {
    clear();
    setTyped(null);
  }

  function save() {
    void submit(
      () => rename({ passkeyId, name: typed ?? "" }),
      (result) => {
        if (!result.ok) return;
        toast.success(t("rename.done", { name: (typed ?? "").trim() }));
        close();
      },
    );
  }

  return (
    <>
      <Button
        variant="quiet"
        aria-label={t("rename.openOf", { name })}
        title={t("rename.open")}
        onClick={() => setTyped(name)}
      >
        <Pencil aria-hidden />
      </Button>
      <Dialog
        open={typed !== null}
        onOpenChange={close}
        title={t("rename.title")}
        description={t("rename.description")}
      >
        <form ref={form} action={save} noValidate>
          <div className="grid gap-4">
            <FailureNotice failure={failure} />
            <Field label={t("rename.name")} name="name" error={fieldMessage(fieldError(failure, "name"))}>
              {(control) => (
                <TextInput
                  {...control}
                  data-autofocus
                  required
                  maxLength={nameMaxLength}
                  value={typed ?? ""}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                />
              )}
            </Field>
          </div>
          <FormActions cancel={t("cancel")} onCancel={close} submit={t("rename.submit")} pending={pending} />
        </form>
      </Dialog>
    </>
  );
}
