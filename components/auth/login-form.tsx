"use client";

import { useTranslations } from "next-intl";
import { signInAction } from "@/lib/actions/sign-in";
import { AuthField, AuthForm } from "./auth-form";

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
      <AuthField
        name="password"
        label={t("password")}
        type="password"
        autoComplete="current-password"
        required
      />
    </AuthForm>
  );
}
