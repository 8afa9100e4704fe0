"use client";

import { unstable_rethrow } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { useProof } from "./proof";
import type { Failure } from "./refusal";

type Outcome<T> = ActionResult<T> | Failure;

/** Runs a server action; a lost connection becomes a result, a redirect stays one. */
async function attempt<T>(run: () => Promise<ActionResult<T>>): Promise<Outcome<T>> {
  try {
    return await run();
  } catch (error) {
    unstable_rethrow(error);
    return { ok: false, code: "failed", fields: [], lost: true };
  }
}

/**
 * One action at a time, with what a form needs to know about it. A second click while the first is under
 * way does nothing; a missing proof of who acts is asked for; typed input is never touched, and the focus
 * goes to the first refused field of the element that `form` is the ref of.
 */
export function useSubmission() {
  const [failure, setFailure] = useState<Failure | null>(null);
  // No transition: React would hold back those of the dialog that asks for the proof until this one ends.
  const [running, setRunning] = useState(false);
  const [leaving, startLeaving] = useTransition();
  const busy = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const { withProof } = useProof();

  useEffect(() => {
    if (failure && failure.fields.length > 0) {
      form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    }
  }, [failure]);

  // React resets a form after its action: choices and ticks would show what they began with, and be sent as they are.
  useEffect(() => {
    const held = form.current;
    const keep = (event: Event) => event.preventDefault();
    held?.addEventListener("reset", keep);
    return () => held?.removeEventListener("reset", keep);
  });

  /** Resolves to what the action answered; null when it was not run, or the proof was not given. */
  async function submit<T>(
    run: () => Promise<ActionResult<T>>,
    settled?: (result: Outcome<T>) => void,
  ): Promise<Outcome<T> | null> {
    if (busy.current) return null;
    busy.current = true;
    setRunning(true);
    try {
      const result = await withProof(() => attempt(run));
      setFailure(result && !result.ok ? result : null);
      if (result) settled?.(result);
      return result;
    } finally {
      busy.current = false;
      setRunning(false);
    }
  }

  return {
    pending: running || leaving,
    failure,
    form,
    submit,
    clear: () => setFailure(null),
    /** Goes to another page; `pending` until it is there. */
    leave: (go: () => void) => startLeaving(go),
  };
}
