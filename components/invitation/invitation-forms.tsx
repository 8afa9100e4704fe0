"use client";

import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { acceptInvitationAction, joinAction, openInvitationAction } from "@/lib/actions/invitation";
import { nameMaxLength } from "@/lib/domain/instance";
import { AuthField, AuthForm } from "../auth/auth-form";
import { Field, TextInput } from "../ui/field";
import { SubmitButton } from "../ui/submit-button";

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

/** Accepts an invitation as the one who is signed in. */
export function AcceptForm() {
  const t = useTranslations("invitation");
  return <AuthForm action={acceptInvitationAction} submit={t("accept")} />;
}

interface JoinFormProps {
  /** The invitation's address: it cannot be another one. */
  readonly email: string;
}

/** Accepts an invitation as someone new: a name and a password are all that is missing. */
export function JoinForm({ email }: JoinFormProps) {
  const t = useTranslations("invitation.new");
  return (
    <AuthForm action={joinAction} submit={t("submit")} fixed="email">
      <Field label={t("email")} name="email">
        {(control) => <TextInput {...control} type="email" autoComplete="username" readOnly value={email} />}
      </Field>
      <AuthField name="name" label={t("name")} autoComplete="name" maxLength={nameMaxLength} />
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
