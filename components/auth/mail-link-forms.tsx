"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react";
import {
  changeAddressAction,
  forgotAction,
  resetPasswordAction,
  verifyAddressAction,
} from "@/lib/actions/mail-links";
import { ButtonLink, TextLink } from "../ui/link";
import { Notice } from "../ui/status";
import { AuthField, AuthForm, NewPasswordField } from "./auth-form";

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
    <Done title={t("doneTitle")} href="/login" link={t("toLogin")}>
      {t("done")}
    </Done>
  );
  return (
    <AuthForm
      action={resetPasswordAction}
      submit={t("submit")}
      done={done}
      also={{ link_invalid: <TextLink href="/forgot">{t("again")}</TextLink> }}
    >
      <LinkToken />
      <NewPasswordField label={t("password")} hint={t("passwordHint")} />
    </AuthForm>
  );
}

interface DoneProps {
  readonly title: string;
  readonly href: string;
  /** Words of the way on. */
  readonly link: string;
  readonly children: ReactNode;
}

/** What the link was for has happened, and where to go now. */
function Done({ title, href, link, children }: DoneProps) {
  return (
    <div className="grid gap-4">
      <Notice tone="good" role="alert" title={title}>
        {children}
      </Notice>
      <ButtonLink href={href} variant="primary">
        {link}
      </ButtonLink>
    </div>
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
    <Done title={t("doneTitle")} href="/settings" link={t("toSettings")}>
      {t("done")}
    </Done>
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
