"use client";

import { Fingerprint } from "lucide-react";
import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { proveAction, provePasskeyAction, startPasskeyProofAction } from "@/lib/actions/proof";
import type { ActionResult } from "@/lib/domain/errors";
import { useAssertion } from "../passkeys/browser";
import { Button } from "../ui/button";
import { Dialog, DialogActions, FormActions } from "../ui/dialog";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";
import { ProviderForm } from "./provider-form";
import { fieldError, useFieldMessage, useRefusalMessage } from "./refusal";

/** With what a person can prove who they are, on this page. */
export interface ProofWays {
  readonly passkey: boolean;
  /** What the password takes besides; null when there is no second step. */
  readonly code: "totp" | "recovery_code" | null;
  /** Name of the provider where they can sign in once more; null when there is none that they are linked to. */
  readonly provider: string | null;
}

interface ProofDialogProps {
  readonly ways: ProofWays;
  /** Address of the person signed in. */
  readonly email: string;
  /** True: proven. False: given up. */
  readonly onClose: (proven: boolean) => void;
}

/** Asks for a proof of who acts, in the way that is the least work: a passkey, else the password, or at the provider. */
export function ProofDialog({ ways, email, onClose }: ProofDialogProps) {
  const t = useTranslations("common.proof");
  const path = usePathname();
  const query = useSearchParams();
  const [byPassword, setByPassword] = useState(false);
  return (
    <Dialog open onOpenChange={() => onClose(false)} title={t("title")} description={t("description")}>
      {ways.passkey && !byPassword ? (
        <ProofByPasskey onClose={onClose} onOther={() => setByPassword(true)} />
      ) : (
        <ProofForm code={ways.code} email={email} onClose={onClose}>
          {ways.passkey && (
            <Button variant="quiet" onClick={() => setByPassword(false)}>
              {t("byPasskey")}
            </Button>
          )}
        </ProofForm>
      )}
      {ways.provider !== null && (
        <ProviderForm
          proves
          words={t("atProvider", { name: ways.provider })}
          callbackUrl={query.size > 0 ? `${path}?${query}` : path}
        />
      )}
    </Dialog>
  );
}

interface ProofFormProps {
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
function ProofForm({ code, email, onClose, children }: ProofFormProps) {
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
      const answer = await proveAction(typed);
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

interface ProofByPasskeyProps {
  /** True: proven. False: given up. */
  readonly onClose: (proven: boolean) => void;
  readonly onOther: () => void;
}

/** Asks for a passkey; the password and a code stay possible. */
function ProofByPasskey({ onClose, onOther }: ProofByPasskeyProps) {
  const t = useTranslations("common");
  const { pending, ask, message } = useAssertion(
    startPasskeyProofAction,
    (answer) => provePasskeyAction({ answer }),
    () => onClose(true),
  );
  return (
    <div className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <Button
        variant="primary"
        data-autofocus
        className="w-full"
        pending={pending}
        onClick={() => void ask()}
      >
        <Fingerprint aria-hidden />
        {t("proof.passkey")}
      </Button>
      <DialogActions>
        <Button variant="quiet" onClick={onOther}>
          {t("proof.byPassword")}
        </Button>
        <Button onClick={() => onClose(false)}>{t("cancel")}</Button>
      </DialogActions>
    </div>
  );
}
