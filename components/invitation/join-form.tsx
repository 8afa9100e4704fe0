"use client";

import { useTranslations } from "next-intl";
import { nameMaxLength } from "@/lib/domain/instance";
import { type AuthAction, useAuthForm } from "../auth/use-auth-form";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";

interface JoinFormProps {
  readonly action: AuthAction;
  /** The invitation's address: it cannot be another one. */
  readonly email: string;
}

/** Accepts an invitation as someone new: a name and a password are all that is missing. */
export function JoinForm({ action, email }: JoinFormProps) {
  const t = useTranslations("invitation.new");
  const { form, pending, message, error, typed } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {(message ?? error("email")) && (
        <Notice tone="bad" role="alert">
          {message ?? error("email")}
        </Notice>
      )}
      <Field label={t("email")} name="email">
        {(control) => <TextInput {...control} type="email" autoComplete="username" readOnly value={email} />}
      </Field>
      <Field label={t("name")} name="name" error={error("name")}>
        {(control) => (
          <TextInput
            {...control}
            autoComplete="name"
            maxLength={nameMaxLength}
            defaultValue={typed("name")}
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
