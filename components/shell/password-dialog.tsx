"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/action-result";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Notice } from "../ui/notice";
import { TextInput } from "../ui/text-input";
import { fieldError, useFieldMessage, useRefusalMessage } from "./refusal-message";

/** The server action that checks the password again. */
export type ProveAction = (input: { readonly password: string }) => Promise<ActionResult<unknown>>;

interface PasswordDialogProps {
  readonly open: boolean;
  readonly prove: ProveAction;
  readonly email: string;
  /** True: proven. False: given up. */
  readonly onClose: (proven: boolean) => void;
}

/** Asks for the password before something that can hurt is done. */
export function PasswordDialog({ open, prove, email, onClose }: PasswordDialogProps) {
  const t = useTranslations("common");
  const refusal = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  // Plain state, no transition: React would hold it back until the transition ends that waits for this dialog.
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<ActionResult<unknown> | null>(null);
  const wrong = fieldError(result, "password");
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (wrong) form.current?.querySelector<HTMLInputElement>("[aria-invalid]")?.select();
  }, [wrong]);

  function close(proven: boolean) {
    setResult(null);
    onClose(proven);
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const password = String(new FormData(event.currentTarget).get("password") ?? "");
    setPending(true);
    try {
      const answer = await prove({ password });
      if (answer.ok) close(true);
      else setResult(answer);
    } catch {
      setResult({ ok: false, code: "failed", fields: [] });
    } finally {
      setPending(false);
    }
  }

  return (
    <Dialog
      open={open}
      onOpenChange={() => close(false)}
      title={t("proof.title")}
      description={t("proof.description")}
    >
      <form ref={form} onSubmit={submit} className="grid gap-4">
        {result && !result.ok && !wrong && (
          <Notice tone="bad" role="alert">
            {refusal(result)}
          </Notice>
        )}
        {/* For password managers, which look for a name beside the password. */}
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field label={t("proof.password")} name="password" error={fieldMessage(wrong)}>
          {(control) => (
            <TextInput {...control} type="password" autoComplete="current-password" required data-autofocus />
          )}
        </Field>
        <DialogActions>
          <Button onClick={() => close(false)}>{t("cancel")}</Button>
          <Button type="submit" variant="primary" pending={pending}>
            {t("proof.confirm")}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
