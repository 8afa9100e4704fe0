"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef, useSyncExternalStore } from "react";
import {
  changeAddressAction,
  forgotAction,
  resetPasswordAction,
  verifyAddressAction,
} from "@/lib/actions/mail-links";
import { ButtonLink } from "../ui/button";
import { TextLink } from "../ui/link";
import { Notice } from "../ui/status";
import { AuthField, AuthForm } from "./auth-form";

/** Asks for a link to set a new password. */
export function ForgotForm() {
  const t = useTranslations("auth.forgot");
  const sent = (
    <Notice tone="good" role="alert" title={t("sentTitle")}>
      {t("sent")}
    </Notice>
  );
  return (
    <AuthForm action={forgotAction} submit={t("submit")} done={sent} stays>
      <AuthField name="email" label={t("email")} type="email" autoComplete="username" required />
    </AuthForm>
  );
}

/** Sets a new password with a link sent by mail. */
export function ResetPasswordForm() {
  const t = useTranslations("auth.reset");
  const done = (
    <div className="grid gap-4">
      <Notice tone="good" role="alert" title={t("doneTitle")}>
        {t("done")}
      </Notice>
      <ButtonLink href="/login" variant="primary">
        {t("toLogin")}
      </ButtonLink>
    </div>
  );
  return (
    <AuthForm
      action={resetPasswordAction}
      submit={t("submit")}
      done={done}
      also={{ link_invalid: <TextLink href="/forgot">{t("again")}</TextLink> }}
    >
      <LinkToken />
      <AuthField
        name="password"
        label={t("password")}
        hint={t("passwordHint")}
        type="password"
        autoComplete="new-password"
        required
      />
    </AuthForm>
  );
}

interface AddressFormProps {
  /** What the link was sent for: to confirm an address, or to change to it. */
  readonly about: "verify" | "changeAddress";
}

/** Confirms an address on a click: programs that open the links of mails confirm nothing. */
export function AddressForm({ about }: AddressFormProps) {
  const t = useTranslations(`auth.${about}`);
  const done = (
    <div className="grid gap-4">
      <Notice tone="good" role="alert" title={t("doneTitle")}>
        {t("done")}
      </Notice>
      <ButtonLink href="/settings" variant="primary">
        {t("toSettings")}
      </ButtonLink>
    </div>
  );
  return (
    <AuthForm
      action={about === "verify" ? verifyAddressAction : changeAddressAction}
      submit={t("submit")}
      done={done}
    >
      <LinkToken />
    </AuthForm>
  );
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

/**
 * The token of the link that opened this page, as a hidden field; it is taken out of the address bar at once, so
 * that it stays in no history. Where there is none, and without JavaScript, a field to paste the link into.
 */
function LinkToken() {
  const t = useTranslations("auth.link");
  const kept = useRef("");
  const hash = useSyncExternalStore(
    subscribe,
    () => {
      if (window.location.hash.length > 1) kept.current = window.location.hash.slice(1);
      return kept.current;
    },
    () => null,
  );

  useEffect(() => {
    if (hash && window.location.hash) {
      window.history.replaceState(window.history.state, "", window.location.pathname);
    }
  }, [hash]);

  const paste = (
    <AuthField
      name="link"
      label={t("paste")}
      hint={t("pasteHint")}
      required
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
    />
  );
  if (hash === null) return <noscript>{paste}</noscript>;
  return hash ? <input type="hidden" name="token" value={hash} /> : paste;
}
