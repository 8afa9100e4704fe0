"use client";

import { useTranslations } from "next-intl";
import { Button, ButtonLink } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { TextLink } from "../ui/link";
import { Notice } from "../ui/status";
import { LinkToken } from "./link-token";
import { type AuthAction, useAuthForm } from "./use-auth-form";

/** Sets a new password with a link sent by mail. */
export function ResetPasswordForm({ action }: { readonly action: AuthAction }) {
  const t = useTranslations("auth.reset");
  const { form, pending, message, error, done, refusedFor } = useAuthForm(action);
  if (done) {
    return (
      <div className="grid gap-4">
        <Notice tone="good" role="alert" title={t("doneTitle")}>
          {t("done")}
        </Notice>
        <ButtonLink href="/login" variant="primary">
          {t("toLogin")}
        </ButtonLink>
      </div>
    );
  }
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message} {refusedFor === "link_invalid" && <TextLink href="/forgot">{t("again")}</TextLink>}
        </Notice>
      )}
      <LinkToken />
      <Field label={t("password")} name="password" hint={t("passwordHint")} error={error("password")}>
        {(control) => <TextInput {...control} type="password" autoComplete="new-password" required />}
      </Field>
      <Button type="submit" variant="primary" pending={pending} className="mt-1 w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
