"use client";

import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { type FailedResult, useRefusalMessage } from "../shell/refusal";
import { type Assertion, type AssertionOptions, askForPasskey, type PasskeyTrouble } from "./browser";

/**
 * Asks for a passkey and brings its signature to the server; says what went wrong.
 *
 * @param onDone runs with what the server answers when it took the signature
 */
export function useAssertion<T>(
  start: () => Promise<ActionResult<AssertionOptions>>,
  finish: (answer: Assertion) => Promise<ActionResult<T>>,
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
  async function bring(answer: Assertion): Promise<void> {
    const result = await call(() => finish(answer));
    if (result.ok) onDone(result.data);
  }

  async function signed(): Promise<Assertion | null> {
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
