"use client";

import { useTranslations } from "next-intl";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";
import { type AuthAction, useAuthForm } from "./use-auth-form";

interface LoginFormProps {
  readonly action: AuthAction;
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
}

/** Sign-in with e-mail address and password. */
export function LoginForm({ action, callbackUrl }: LoginFormProps) {
  const t = useTranslations("auth.login");
  const { form, pending, message, error, typed } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      <Field label={t("email")} name="email" error={error("email")}>
        {(control) => (
          <TextInput
            {...control}
            type="email"
            autoComplete="username webauthn"
            required
            defaultValue={typed("email")}
          />
        )}
      </Field>
      <Field label={t("password")} name="password" error={error("password")}>
        {(control) => <TextInput {...control} type="password" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
