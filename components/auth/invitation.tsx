"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef } from "react";
import { WrapText } from "@/components/ui/text";
import {
  acceptInvitationAction,
  joinAction,
  openInvitationAction,
  otherSignInAction,
  setAsideAction,
} from "@/lib/actions/invitation";
import { nameMaxLength } from "@/lib/domain/instance";
import type { InvitationOffer as Offer } from "@/lib/domain/membership";
import { Field, TextInput } from "../ui/field";
import { ButtonLink } from "../ui/link";
import { Notice } from "../ui/status";
import { SubmitButton } from "../ui/submit-button";
import { AuthField, AuthForm, NewPasswordField } from "./auth-form";
import { AuthPanel } from "./auth-panel";

interface InvitationOfferProps {
  readonly offer: Offer;
  /** Address of the one signed in; null for nobody. */
  readonly signedInAs: string | null;
}

/** What an invitation offers and the one way to take it, which depends on who is there. */
export function InvitationOfferPanel({ offer, signedInAs }: InvitationOfferProps) {
  const t = useTranslations("invitation");
  const { accountName, email, role, invitedBy } = offer;
  const b = (chunks: ReactNode) => (
    <b className="font-semibold text-text">
      <WrapText>{chunks}</WrapText>
    </b>
  );
  return (
    <AuthPanel
      title={<span className="wrap-anywhere">{t("join", { account: accountName })}</span>}
      lede={<WrapText>{t.rich("lede", { inviter: invitedBy, role: t(`role.${role}`), email, b })}</WrapText>}
    >
      {signedInAs === null ? (
        offer.known ? (
          <div className="grid gap-3">
            <p>{t.rich("known", { email, b })}</p>
            <ButtonLink href="/login?callbackUrl=/invitation" variant="primary">
              {t("signIn")}
            </ButtonLink>
          </div>
        ) : (
          <JoinForm email={email} />
        )
      ) : signedInAs === email ? (
        <AuthForm action={acceptInvitationAction} submit={t("accept")} />
      ) : (
        <div className="grid gap-3">
          <Notice tone="warn" title={t.rich("elsewhere.title", { email, b })}>
            <WrapText>{t("elsewhere.text", { you: signedInAs })}</WrapText>
          </Notice>
          <form action={otherSignInAction} className="grid">
            <SubmitButton>{t("elsewhere.switch")}</SubmitButton>
          </form>
          <form action={setAsideAction} className="grid">
            <SubmitButton variant="secondary">{t("elsewhere.stay")}</SubmitButton>
          </form>
        </div>
      )}
    </AuthPanel>
  );
}

interface OpenInvitationProps {
  /** True where another invitation is on the page; then this only waits for a newer link. */
  readonly hidden?: boolean;
}

/**
 * Hands the link's fragment, which browsers send to nobody, to the server, and takes it out of the address
 * bar. Without JavaScript the link can be pasted.
 */
export function OpenInvitation({ hidden = false }: OpenInvitationProps) {
  const t = useTranslations("invitation.open");
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    function take() {
      const input = form.current?.querySelector<HTMLInputElement>("[name=link]");
      if (location.hash.length < 2 || !input) return;
      input.value = location.hash;
      history.replaceState(history.state, "", location.pathname);
      form.current?.requestSubmit();
    }
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);

  return (
    <form
      ref={form}
      action={openInvitationAction}
      hidden={hidden}
      className={hidden ? undefined : "grid gap-4"}
    >
      <Field label={t("link")} name="link" hint={t("hint")}>
        {(control) => <TextInput {...control} required autoComplete="off" spellCheck={false} />}
      </Field>
      <SubmitButton>{t("submit")}</SubmitButton>
    </form>
  );
}

interface JoinFormProps {
  /** The invitation's address: it cannot be another one. */
  readonly email: string;
}

/** Accepts an invitation as someone new: a name and a password are all that is missing. */
function JoinForm({ email }: JoinFormProps) {
  const t = useTranslations("invitation.new");
  return (
    <AuthForm action={joinAction} submit={t("submit")} fixed="email">
      <Field label={t("email")} name="email">
        {(control) => <TextInput {...control} type="email" autoComplete="username" readOnly value={email} />}
      </Field>
      <AuthField name="name" label={t("name")} autoComplete="name" maxLength={nameMaxLength} />
      <NewPasswordField label={t("password")} hint={t("passwordHint")} />
    </AuthForm>
  );
}
