"use client";

import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent } from "react";
import {
  passkeySignInAction,
  passkeyStepAction,
  startPasskeySignInAction,
  startPasskeyStepAction,
} from "@/lib/actions/sign-in";
import type { PasskeyObstacle } from "@/lib/domain/passkey";
import { offerPasskeys, stopOffering, useAssertion } from "../passkeys/browser";
import { Button, type ButtonVariant } from "../ui/button";
import { Notice } from "../ui/status";
import { SignsInAs } from "./auth-form";
import { OrLine } from "./provider-sign-in";

// What comes afterwards is a load of its own, so that nothing of before is left.
const goTo = (path: string) => window.location.assign(path);

interface PasskeySignInProps {
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
}

/** Sign-in without a password: with this button, or from what the browser offers in the e-mail field. */
export function PasskeySignIn({ callbackUrl }: PasskeySignInProps) {
  const t = useTranslations("auth.login");
  const assertion = useAssertion(
    startPasskeySignInAction,
    (answer) => passkeySignInAction({ answer, callbackUrl }),
    goTo,
  );

  const offer = useEffectEvent(async () => {
    const answer = await offerPasskeys(async () => {
      const asked = await startPasskeySignInAction();
      return asked.ok ? asked.data : null;
    });
    if (answer) await assertion.bring(answer);
  });

  useEffect(() => {
    void offer();
    return () => void stopOffering();
  }, []);

  return (
    <div className="mt-5 grid gap-4">
      <OrLine />
      <Trouble message={assertion.message} />
      <PasskeyButton words={t("passkey")} assertion={assertion} />
    </div>
  );
}

interface PasskeyStepProps extends PasskeySignInProps {
  /** Who signs in. */
  readonly email: string;
  /** Why passkeys cannot be used on this page, if they cannot. */
  readonly obstacle: PasskeyObstacle | null;
}

/** The second step of a sign-in, with a passkey. */
export function PasskeyStep({ callbackUrl, email, obstacle }: PasskeyStepProps) {
  const t = useTranslations("auth.secondStep");
  const errors = useTranslations("errors.code");
  const assertion = useAssertion(
    startPasskeyStepAction,
    (answer) => passkeyStepAction({ answer, callbackUrl }),
    goTo,
  );
  return (
    <div className="grid gap-4">
      <Trouble message={assertion.message} />
      <SignsInAs words={t("as")} email={email} />
      {obstacle ? (
        <Notice tone="warn">{errors(`passkey_${obstacle}`)}</Notice>
      ) : (
        <PasskeyButton words={t("passkey")} assertion={assertion} variant="primary" />
      )}
      <noscript>
        <Notice tone="warn">{t("noScript")}</Notice>
      </noscript>
    </div>
  );
}

function Trouble({ message }: { readonly message: string | undefined }) {
  return (
    message && (
      <Notice tone="bad" role="alert">
        {message}
      </Notice>
    )
  );
}

interface PasskeyButtonProps {
  readonly words: string;
  readonly assertion: ReturnType<typeof useAssertion>;
  readonly variant?: ButtonVariant;
}

function PasskeyButton({ words, assertion, variant = "secondary" }: PasskeyButtonProps) {
  return (
    <Button
      variant={variant}
      className="w-full"
      pending={assertion.pending}
      onClick={() => void assertion.ask()}
    >
      <Fingerprint aria-hidden />
      {words}
    </Button>
  );
}
