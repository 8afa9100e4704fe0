"use client";

import { Fingerprint } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ActionResult } from "@/lib/domain/errors";
import type { PasskeyObstacle } from "@/lib/domain/passkey";
import type { Assertion, AssertionOptions } from "../passkeys/browser";
import { useAssertion } from "../passkeys/use-assertion";
import { Button } from "../ui/button";
import { Notice } from "../ui/status";

interface PasskeyStepProps {
  readonly start: () => Promise<ActionResult<AssertionOptions>>;
  readonly finish: (input: { answer: Assertion; callbackUrl: string }) => Promise<ActionResult<string>>;
  /** Path to go to afterwards. */
  readonly callbackUrl: string;
  /** Who signs in. */
  readonly email: string;
  /** Why passkeys cannot be used on this page, if they cannot. */
  readonly obstacle: PasskeyObstacle | null;
}

/** The second step of a sign-in, with a passkey. */
export function PasskeyStep({ start, finish, callbackUrl, email, obstacle }: PasskeyStepProps) {
  const t = useTranslations("auth.secondStep");
  const errors = useTranslations("errors.code");
  const { pending, ask, message } = useAssertion(
    start,
    (answer) => finish({ answer, callbackUrl }),
    // With a load of its own, so that nothing of before is left.
    (path) => window.location.assign(path),
  );
  return (
    <div className="grid gap-4">
      {message && (
        <Notice tone="bad" role="alert">
          {message}
        </Notice>
      )}
      <p className="text-muted">
        {t("as")} <span className="font-medium text-text [overflow-wrap:anywhere]">{email}</span>
      </p>
      {obstacle ? (
        <Notice tone="warn">{errors(`passkey_${obstacle}`)}</Notice>
      ) : (
        <Button variant="primary" className="w-full" pending={pending} onClick={() => void ask()}>
          <Fingerprint aria-hidden />
          {t("passkey")}
        </Button>
      )}
      <noscript>
        <Notice tone="warn">{t("noScript")}</Notice>
      </noscript>
    </div>
  );
}
