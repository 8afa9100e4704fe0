"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/action-result";
import { Field } from "../ui/field";
import { FormActions } from "../ui/form-actions";
import { Notice } from "../ui/notice";
import { TextInput } from "../ui/text-input";
import type { ProofActions, ProofWays } from "./proof-ways";
import { fieldError, useFieldMessage, useRefusalMessage } from "./refusal-message";

interface ProofFormProps {
  readonly prove: ProofActions["password"];
  /** The code to be given with the password; null for none. */
  readonly code: ProofWays["code"];
  readonly email: string;
  /** True: proven. False: given up. */
  readonly onClose: (proven: boolean) => void;
  /** Another way to prove it. */
  readonly children?: ReactNode;
}

const codeHints = {
  totp: { label: "code", hint: "codeHint", input: { inputMode: "text", autoComplete: "one-time-code" } },
  recovery_code: { label: "recoveryCode", hint: "recoveryCodeHint", input: { autoComplete: "off" } },
} as const;

/** Asks for what sign-in takes: the password, and a code where there is a second step. */
export function ProofForm({ prove, code, email, onClose, children }: ProofFormProps) {
  const t = useTranslations("common");
  const refusal = useRefusalMessage();
  const fieldMessage = useFieldMessage();
  // Plain state, no transition: React would hold it back until the transition ends that waits for this dialog.
  const [pending, setPending] = useState(false);
  const [result, setResult] = useState<ActionResult<unknown> | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const wrongCode = fieldError(result, "code");
  // Someone who turned two-step sign-in on in another tab is asked for the code here too.
  const asked = code ?? (wrongCode && "totp");

  useEffect(() => {
    if (result) form.current?.querySelector<HTMLInputElement>("[aria-invalid]")?.select();
  }, [result]);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const data = new FormData(event.currentTarget);
    setPending(true);
    try {
      const typed = { password: String(data.get("password") ?? ""), code: String(data.get("code") ?? "") };
      const answer = await prove(typed);
      if (answer.ok) onClose(true);
      else setResult(answer);
    } catch {
      setResult({ ok: false, code: "failed", fields: [] });
    } finally {
      setPending(false);
    }
  }

  return (
    <form ref={form} onSubmit={submit} className="grid gap-4">
      {result && !result.ok && result.fields.length === 0 && (
        <Notice tone="bad" role="alert">
          {refusal(result)}
        </Notice>
      )}
      {/* For password managers, which look for a name beside the password. */}
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label={t("proof.password")} name="password" error={fieldMessage(fieldError(result, "password"))}>
        {(control) => (
          <TextInput {...control} type="password" autoComplete="current-password" required data-autofocus />
        )}
      </Field>
      {asked && (
        <Field
          label={t(`proof.${codeHints[asked].label}`)}
          name="code"
          hint={t(`proof.${codeHints[asked].hint}`)}
          error={fieldMessage(wrongCode)}
        >
          {(control) => (
            <TextInput
              {...control}
              {...codeHints[asked].input}
              required
              autoCapitalize="none"
              autoCorrect="off"
              spellCheck={false}
              maxLength={100}
              className="font-mono"
            />
          )}
        </Field>
      )}
      {children}
      <FormActions
        cancel={t("cancel")}
        onCancel={() => onClose(false)}
        submit={t("proof.confirm")}
        pending={pending}
      />
    </form>
  );
}
