"use client";

import { useTranslations } from "next-intl";
import type { SecondStepWay } from "@/lib/domain/second-factor";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";
import { type AuthAction, useAuthForm } from "./use-auth-form";

interface SecondStepFormProps {
  /** Which kind of code is asked for; the other kind is taken too. */
  readonly way: Exclude<SecondStepWay, "passkey">;
  readonly action: AuthAction;
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
  /** Who signs in. */
  readonly email: string;
}

/** What keyboards and password managers should offer. */
const hints = {
  totp: { inputMode: "numeric", autoComplete: "one-time-code" },
  recovery_code: { inputMode: "text", autoComplete: "off" },
} as const;

/** The second step of a sign-in, with a code. */
export function SecondStepForm({ way, action, callbackUrl, email }: SecondStepFormProps) {
  const t = useTranslations("auth.secondStep");
  const { form, pending, message, error } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      <p className="text-muted">
        {t("as")} <span className="font-medium text-text [overflow-wrap:anywhere]">{email}</span>
      </p>
      <Field label={t(`field.${way}`)} name="code" error={error("code")} hint={t(`hint.${way}`)}>
        {(control) => (
          <TextInput
            {...control}
            {...hints[way]}
            required
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            maxLength={100}
            className="font-mono"
          />
        )}
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
