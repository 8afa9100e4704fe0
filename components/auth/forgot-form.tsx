"use client";

import { useTranslations } from "next-intl";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";
import { type AuthAction, useAuthForm } from "./use-auth-form";

/** Asks for a link to set a new password. */
export function ForgotForm({ action }: { readonly action: AuthAction }) {
  const t = useTranslations("auth.forgot");
  const { form, pending, message, error, typed, done } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      {done && (
        <Notice tone="good" role="alert" title={t("sentTitle")}>
          {t("sent")}
        </Notice>
      )}
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
      <Button type="submit" variant="primary" pending={pending} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
