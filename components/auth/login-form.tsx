"use client";

import { useTranslations } from "next-intl";
import { signInAction } from "@/lib/actions/sign-in";
import { AuthField, AuthForm, PasswordField } from "./auth-form";

interface LoginFormProps {
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
}

/** Sign-in with e-mail address and password. */
export function LoginForm({ callbackUrl }: LoginFormProps) {
  const t = useTranslations("auth.login");
  return (
    <AuthForm action={signInAction} callbackUrl={callbackUrl} submit={t("submit")}>
      <AuthField name="email" label={t("email")} type="email" autoComplete="username webauthn" required />
      <PasswordField label={t("password")} />
    </AuthForm>
  );
}
