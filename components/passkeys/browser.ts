"use client";

import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from "@simplewebauthn/browser";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { type FailedResult, useRefusalMessage } from "../shell/refusal";

/** Why the browser gave no answer. */
export type PasskeyTrouble = "unsupported" | "known" | "cancelled";

type Answer<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly trouble: PasskeyTrouble };

/** True when the browser can use passkeys at all. */
function knowsPasskeys(): boolean {
  return typeof window !== "undefined" && typeof window.PublicKeyCredential === "function";
}

async function attempt<T>(
  run: (library: typeof import("@simplewebauthn/browser")) => Promise<T>,
): Promise<Answer<T>> {
  if (!knowsPasskeys()) return { ok: false, trouble: "unsupported" };
  try {
    // Only those who use a passkey load what it takes.
    return { ok: true, answer: await run(await import("@simplewebauthn/browser")) };
  } catch (error) {
    const known = error instanceof Error && error.name === "InvalidStateError";
    return { ok: false, trouble: known ? "known" : "cancelled" };
  }
}

/** Has the browser ask for a passkey and sign with it. */
function askForPasskey(
  optionsJSON: PublicKeyCredentialRequestOptionsJSON,
): Promise<Answer<AuthenticationResponseJSON>> {
  return attempt(({ startAuthentication }) => startAuthentication({ optionsJSON }));
}

/** Has the browser make a new passkey. */
export function makePasskey(
  optionsJSON: PublicKeyCredentialCreationOptionsJSON,
): Promise<Answer<RegistrationResponseJSON>> {
  return attempt(({ startRegistration }) => startRegistration({ optionsJSON }));
}

/**
 * Has the browser offer passkeys among what it fills into the e-mail field; answers when one is chosen. null
 * where browsers cannot, and when another question takes its place.
 */
export async function offerPasskeys(
  options: () => Promise<PublicKeyCredentialRequestOptionsJSON | null>,
): Promise<AuthenticationResponseJSON | null> {
  if (!knowsPasskeys()) return null;
  try {
    const { browserSupportsWebAuthnAutofill, startAuthentication } = await import("@simplewebauthn/browser");
    if (!(await browserSupportsWebAuthnAutofill())) return null;
    const optionsJSON = await options();
    return optionsJSON && (await startAuthentication({ optionsJSON, useBrowserAutofill: true }));
  } catch {
    return null;
  }
}

/** Takes the offer back: the page is left. */
export async function stopOffering(): Promise<void> {
  const { WebAuthnAbortService } = await import("@simplewebauthn/browser");
  WebAuthnAbortService.cancelCeremony();
}

/**
 * Asks for a passkey and brings its signature to the server; says what went wrong.
 *
 * @param onDone runs with what the server answers when it took the signature
 */
export function useAssertion<T>(
  start: () => Promise<ActionResult<PublicKeyCredentialRequestOptionsJSON>>,
  finish: (answer: AuthenticationResponseJSON) => Promise<ActionResult<T>>,
  onDone: (data: T) => void,
) {
  const t = useTranslations("errors.passkey");
  const refusal = useRefusalMessage();
  // Plain state, no transition: the dialog that asks for a proof has to open beside one that waits for it.
  const [pending, setPending] = useState(false);
  const [trouble, setTrouble] = useState<PasskeyTrouble | null>(null);
  const [failure, setFailure] = useState<FailedResult | null>(null);
  const busy = useRef(false);

  async function call<R>(work: () => Promise<ActionResult<R>>): Promise<ActionResult<R>> {
    let result: ActionResult<R>;
    try {
      result = await work();
    } catch {
      result = { ok: false, code: "failed", fields: [] };
    }
    if (!result.ok) setFailure(result);
    return result;
  }

  /** Brings an answer to the server. */
  async function bring(answer: AuthenticationResponseJSON): Promise<void> {
    const result = await call(() => finish(answer));
    if (result.ok) onDone(result.data);
  }

  async function signed(): Promise<AuthenticationResponseJSON | null> {
    const asked = await call(start);
    if (!asked.ok) return null;
    const given = await askForPasskey(asked.data);
    if (!given.ok) setTrouble(given.trouble);
    return given.ok ? given.answer : null;
  }

  /** A second click meanwhile does nothing. */
  async function ask(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setPending(true);
    setTrouble(null);
    setFailure(null);
    try {
      const answer = await signed();
      if (answer) await bring(answer);
    } finally {
      busy.current = false;
      setPending(false);
    }
  }

  return {
    pending,
    ask,
    bring,
    /** What to say, if anything. */
    message: trouble ? t(trouble) : failure ? refusal(failure) : undefined,
  };
}
