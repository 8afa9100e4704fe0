"use client";

import { useTranslations } from "next-intl";
import { registerAction } from "@/lib/actions/sign-in";
import { nameMaxLength } from "@/lib/domain/instance";
import { AuthField, AuthForm, NewPasswordField } from "./auth-form";

/** Makes an account and its owner. */
export function RegisterForm() {
  const t = useTranslations("auth.register");
  return (
    <AuthForm action={registerAction} submit={t("submit")}>
      <AuthField
        name="accountName"
        label={t("accountName")}
        hint={t("accountNameHint")}
        autoComplete="organization"
        required
        maxLength={nameMaxLength}
      />
      <AuthField name="email" label={t("email")} type="email" autoComplete="username" required />
      <NewPasswordField label={t("password")} hint={t("passwordHint")} />
    </AuthForm>
  );
}
