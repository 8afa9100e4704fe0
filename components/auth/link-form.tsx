"use client";

import { useTranslations } from "next-intl";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";
import { type AuthAction, useAuthForm } from "./use-auth-form";

interface LinkFormProps {
  readonly action: AuthAction;
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
  /** Whose account it is linked to. */
  readonly email: string;
  /** The person has just signed in: nothing more is asked. */
  readonly proven: boolean;
}

/** Links a sign-in at a provider to an account, after its password. */
export function LinkForm({ action, callbackUrl, email, proven }: LinkFormProps) {
  const t = useTranslations("auth.linkSignIn");
  const { form, pending, message, error } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <input type="hidden" name="callbackUrl" value={callbackUrl} />
      {/* Password managers look for the user name. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <p className="text-muted">
        {t("as")} <span className="font-medium text-text [overflow-wrap:anywhere]">{email}</span>
      </p>
      {!proven && (
        <Field label={t("password")} name="password" error={error("password")}>
          {(control) => <TextInput {...control} type="password" autoComplete="current-password" required />}
        </Field>
      )}
      <Button type="submit" variant="primary" pending={pending} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
