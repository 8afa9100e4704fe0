"use client";

import { useTranslations } from "next-intl";
import { type AuthAction, useAuthForm } from "../auth/use-auth-form";
import { Button } from "../ui/button";
import { Notice } from "../ui/status";

/** Accepts an invitation as the one who is signed in. */
export function AcceptForm({ action }: { readonly action: AuthAction }) {
  const t = useTranslations("invitation");
  const { form, pending, message } = useAuthForm(action);
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <Button type="submit" variant="primary" pending={pending}>
        {t("accept")}
      </Button>
    </form>
  );
}
