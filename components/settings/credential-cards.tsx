"use client";

import { Check, MailX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useActionState, useEffect, useState, useTransition } from "react";
import { WrapText } from "@/components/ui/text";
import {
  changePasswordAction,
  requestAddressChangeAction,
  requestVerificationAction,
} from "@/lib/actions/settings";
import { useAuthForm } from "../auth/auth-form";
import { OneFieldDialog } from "../shell/one-field-form";
import { useRefusalMessage } from "../shell/refusal";
import { Button } from "../ui/button";
import { Card, CardBody, CardFoot, CardHead } from "../ui/card";
import { DateTime } from "../ui/date-time";
import { Field, TextInput } from "../ui/field";
import { Notice, StatusPill } from "../ui/status";
import { toast } from "../ui/toaster";

interface EmailCardProps {
  readonly email: string;
  readonly verified: boolean;
  /** The address that waits for its link to be opened. */
  readonly wanted: { readonly email: string; readonly until: Date } | null;
  readonly mailOn: boolean;
}

/** Whether mail reaches this person, and what does not work as long as it does not. */
export function EmailCard({ email, verified, wanted, mailOn }: EmailCardProps) {
  const t = useTranslations("settings.email");
  const state = verified ? "confirmed" : mailOn ? "unconfirmed" : "off";
  const icon = { confirmed: Check, unconfirmed: TriangleAlert, off: MailX }[state];
  return (
    <Card aria-labelledby="email">
      <CardHead
        id="email"
        title={t("title")}
        description={t("description")}
        aside={mailOn && <ChangeAddress />}
      />
      <CardBody className="grid gap-4 pt-0 md:pt-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <span className="font-medium">
            <WrapText>{email}</WrapText>
          </span>
          <StatusPill tone={state === "confirmed" ? "good" : state === "off" ? "idle" : "warn"} icon={icon}>
            {t(`state.${state}`)}
          </StatusPill>
        </p>
        {mailOn && wanted && (
          <p className="text-muted text-pretty">
            <WrapText>
              {t.rich("wanted", { email: wanted.email, when: () => <DateTime date={wanted.until} /> })}
            </WrapText>
          </p>
        )}
        {!mailOn && (
          <Notice tone="idle" title={t("offTitle")}>
            {t("off")}
          </Notice>
        )}
      </CardBody>
      {state === "unconfirmed" && (
        <CardFoot note={t("sendNote")}>
          <SendLink />
        </CardFoot>
      )}
    </Card>
  );
}

/** Asks for another address to sign in with, after saying what happens then. */
function ChangeAddress() {
  const t = useTranslations("settings.email.change");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("open")}</Button>
      {open && (
        <OneFieldDialog
          title={t("title")}
          description={t("text")}
          name="email"
          label={t("email")}
          value=""
          input={{ type: "email", required: true, autoComplete: "email" }}
          submit={t("submit")}
          save={(email) => requestAddressChangeAction({ email })}
          saved={() => t("sent")}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** A button that sends the link and says whether it is on its way. */
function SendLink() {
  const t = useTranslations("settings.email");
  const refusal = useRefusalMessage();
  const [pending, startTransition] = useTransition();
  // For browsers without JavaScript, which send the form themselves.
  const [, send] = useActionState(requestVerificationAction, null);

  function onSubmit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    startTransition(async () => {
      const result = await requestVerificationAction();
      if (result.ok) toast.success(t("sent"));
      else toast.error(refusal(result));
    });
  }

  return (
    <form action={send} onSubmit={onSubmit} className="grid">
      <Button type="submit" pending={pending}>
        {t("send")}
      </Button>
    </form>
  );
}

/** Replaces the password; what was typed stays until it is right. */
export function PasswordCard({ email }: { readonly email: string }) {
  const t = useTranslations("settings.password");
  const { form, pending, message, error, done } = useAuthForm(changePasswordAction);

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
