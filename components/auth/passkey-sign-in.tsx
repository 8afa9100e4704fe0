"use client";

import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { type Assertion, type AssertionOptions, offerPasskeys, stopOffering } from "../passkeys/browser";
import { useAssertion } from "../passkeys/use-assertion";
import { Button } from "../ui/button";
import { Notice } from "../ui/status";
import { OrLine } from "./or-line";

interface PasskeySignInProps {
  readonly start: () => Promise<ActionResult<AssertionOptions>>;
  readonly finish: (input: { answer: Assertion; callbackUrl: string }) => Promise<ActionResult<string>>;
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
}

/** Sign-in without a password: with this button, or from what the browser offers in the e-mail field. */
export function PasskeySignIn({ start, finish, callbackUrl }: PasskeySignInProps) {
  const t = useTranslations("auth.login");
  const { pending, ask, bring, message } = useAssertion(
    start,
    (answer) => finish({ answer, callbackUrl }),
    // With a load of its own, so that nothing of before is left.
    (path) => window.location.assign(path),
  );

  const offer = useEffectEvent(async () => {
    const answer = await offerPasskeys(async () => {
      const asked = await start();
      return asked.ok ? asked.data : null;
    });
    if (answer) await bring(answer);
  });

  useEffect(() => {
    void offer();
    return () => void stopOffering();
  }, []);

  return (
    <div className="mt-5 grid gap-4">
      <OrLine />
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <Button className="w-full" pending={pending} onClick={() => void ask()}>
        <Fingerprint aria-hidden />
        {t("passkey")}
      </Button>
    </div>
  );
}
