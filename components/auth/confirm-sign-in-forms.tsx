"use client";

import { useTranslations } from "next-intl";
import { linkAction, proveAndLinkAction, secondStepAction } from "@/lib/actions/sign-in";
import type { SecondStepWay } from "@/lib/domain/second-factor";
import { AuthField, AuthForm, PasswordField, SignsInAs } from "./auth-form";

interface CallbackProps {
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
}

interface SecondStepFormProps extends CallbackProps {
  /** Which kind of code is asked for; the other kind is taken too. */
  readonly way: Exclude<SecondStepWay, "passkey">;
  /** Who signs in. */
  readonly email: string;
}

/** What keyboards and password managers should offer. */
const codeInput = {
  totp: { inputMode: "numeric", autoComplete: "one-time-code" },
  recovery_code: { inputMode: "text", autoComplete: "off" },
} as const;

/** The second step of a sign-in, with a code. */
export function SecondStepForm({ way, callbackUrl, email }: SecondStepFormProps) {
  const t = useTranslations("auth.secondStep");
  return (
    <AuthForm action={secondStepAction} callbackUrl={callbackUrl} submit={t("submit")}>
      <SignsInAs words={t("as")} email={email} />
      <AuthField
        name="code"
        label={t(`field.${way}`)}
        hint={t(`hint.${way}`)}
        {...codeInput[way]}
        required
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        maxLength={100}
        className="font-mono"
      />
    </AuthForm>
  );
}

interface LinkFormProps extends CallbackProps {
  /** Whose account it is linked to. */
  readonly email: string;
  /** The person has just signed in: nothing more is asked. */
  readonly proven: boolean;
}

/** Links a sign-in at a provider to an account, after its password. */
export function LinkForm({ callbackUrl, email, proven }: LinkFormProps) {
  const t = useTranslations("auth.linkSignIn");
  return (
    <AuthForm
      action={proven ? linkAction : proveAndLinkAction}
      callbackUrl={callbackUrl}
      submit={t("submit")}
    >
      {/* Password managers look for the user name. */}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <SignsInAs words={t("as")} email={email} />
      {!proven && <PasswordField label={t("password")} />}
    </AuthForm>
  );
}
