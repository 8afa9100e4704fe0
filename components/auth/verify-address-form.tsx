"use client";

import { useTranslations } from "next-intl";
import { Button, ButtonLink } from "../ui/button";
import { Notice } from "../ui/status";
import { LinkToken } from "./link-token";
import { type AuthAction, useAuthForm } from "./use-auth-form";

interface VerifyAddressFormProps {
  /** What the words of the page are about. */
  readonly about: "verify" | "changeAddress";
  readonly action: AuthAction;
}

/** Confirms an address on a click: programs that open the links of mails confirm nothing. */
export function VerifyAddressForm({ about, action }: VerifyAddressFormProps) {
  const t = useTranslations(`auth.${about}`);
  const { form, pending, message, done } = useAuthForm(action);
  if (done) {
    return (
      <div className="grid gap-4">
        <Notice tone="good" role="alert" title={t("doneTitle")}>
          {t("done")}
        </Notice>
        <ButtonLink href="/settings" variant="primary">
          {t("toSettings")}
        </ButtonLink>
      </div>
    );
  }
  return (
    <form {...form} className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <LinkToken />
      <Button type="submit" variant="primary" pending={pending} className="w-full">
        {t("submit")}
      </Button>
    </form>
  );
}
