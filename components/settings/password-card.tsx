"use client";

import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useAuthForm } from "../auth/auth-form";
import { Button } from "../ui/button";
import { Card, CardBody, CardHead } from "../ui/card";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";

interface PasswordCardProps {
  readonly email: string;
  readonly action: Parameters<typeof useAuthForm>[0];
}

/** Replaces the password; what was typed stays until it is right. */
export function PasswordCard({ email, action }: PasswordCardProps) {
  const t = useTranslations("settings.password");
  const { form, pending, message, error, done } = useAuthForm(action);

  useEffect(() => {
    if (done) form.ref.current?.reset();
  }, [done, form.ref]);

  return (
    <Card aria-labelledby="password">
      <CardHead id="password" title={t("title")} description={t("description")} />
      <CardBody className="pt-0 md:pt-0">
        <form {...form} className="grid gap-4 sm:max-w-104">
          {message && (
            <Notice tone="bad" role="alert">
              {message}
            </Notice>
          )}
          {done && !pending && (
            <Notice tone="good" role="alert">
              {t("done")}
            </Notice>
          )}
          {/* For password managers, which look for a name beside the password. */}
          <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          <Field label={t("current")} name="current" error={error("current")}>
            {(control) => <TextInput {...control} type="password" autoComplete="current-password" required />}
          </Field>
          <Field label={t("new")} name="password" hint={t("hint")} error={error("password")}>
            {(control) => <TextInput {...control} type="password" autoComplete="new-password" required />}
          </Field>
          <div>
            <Button type="submit" pending={pending}>
              {t("submit")}
            </Button>
          </div>
        </form>
      </CardBody>
    </Card>
  );
}
