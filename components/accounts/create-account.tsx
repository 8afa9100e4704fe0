"use client";

import { useTranslations } from "next-intl";
import { nameMaxLength } from "@/lib/domain/instance";
import { type AuthAction, useAuthForm } from "../auth/use-auth-form";
import { Button } from "../ui/button";
import { Field, TextInput } from "../ui/field";
import { Notice } from "../ui/status";

interface CreateAccountProps {
  readonly action: AuthAction;
  /** True when the person has none: then this is what to do next. */
  readonly first: boolean;
}

/** Makes an account whose owner is the one signed in. */
export function CreateAccount({ action, first }: CreateAccountProps) {
  const t = useTranslations("accounts.create");
  const { form, pending, message, error, typed } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-3">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <Field
        label={t(first ? "first" : "name")}
        name="accountName"
        hint={t("hint")}
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
      <Button type="submit" variant={first ? "primary" : "secondary"} pending={pending}>
        {t("submit")}
      </Button>
    </form>
  );
}
