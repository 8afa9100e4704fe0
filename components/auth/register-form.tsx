"use client";

import { useTranslations } from "next-intl";
import { nameMaxLength } from "@/lib/domain/instance";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";
import { type AuthAction, useAuthForm } from "./use-auth-form";

/** Makes an account and its owner. */
export function RegisterForm({ action }: { readonly action: AuthAction }) {
  const t = useTranslations("auth.register");
  const { form, pending, message, error, typed } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <Field
        label={t("accountName")}
        name="accountName"
        hint={t("accountNameHint")}
        error={error("accountName")}
      >
        {(control) => (
          <TextInput
            {...control}
            autoComplete="organization"
            required
            maxLength={nameMaxLength}
            defaultValue={typed("accountName")}
          />
        )}
      </Field>
      <Field label={t("email")} name="email" error={error("email")}>
        {(control) => (
          <TextInput
            {...control}
            type="email"
            autoComplete="username"
            required
            defaultValue={typed("email")}
          />
        )}
      </Field>
      <Field label={t("password")} name="password" hint={t("passwordHint")} error={error("password")}>
        {(control) => <TextInput {...control} type="password" autoComplete="new-password" required />}
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
