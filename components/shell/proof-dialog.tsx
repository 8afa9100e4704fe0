"use client";

import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/action-result";
import { PasswordDialog, type ProveAction } from "./password-dialog";

interface Proof {
  /**
   * Runs a server action; when it asks for a proof of who acts, asks for the password and runs it again.
   * Resolves to null when the person gives up.
   */
  readonly withProof: <T>(run: () => Promise<ActionResult<T>>) => Promise<ActionResult<T> | null>;
}

const ProofContext = createContext<Proof | null>(null);

interface ProofProviderProps {
  readonly prove: ProveAction;
  /** Address of the person signed in. */
  readonly email: string;
  readonly children: ReactNode;
}

/** Gives everything below it `useProof()`, with one dialog for all. */
export function ProofProvider({ prove, email, children }: ProofProviderProps) {
  const [open, setOpen] = useState(false);
  const settle = useRef<((proven: boolean) => void) | null>(null);

  const ask = useCallback((): Promise<boolean> => {
    settle.current?.(false);
    setOpen(true);
    return new Promise((resolve) => {
      settle.current = resolve;
    });
  }, []);

  const proof = useMemo<Proof>(
    () => ({
      async withProof(run) {
        const first = await run();
        if (first.ok || first.code !== "proof_required") return first;
        return (await ask()) ? run() : null;
      },
    }),
    [ask],
  );

  function onClose(proven: boolean) {
    setOpen(false);
    settle.current?.(proven);
    settle.current = null;
  }

  return (
    <ProofContext value={proof}>
      {children}
      <PasswordDialog open={open} prove={prove} email={email} onClose={onClose} />
    </ProofContext>
  );
}

/** `withProof` of the nearest ProofProvider. */
export function useProof(): Proof {
  const proof = use(ProofContext);
  if (!proof) throw new Error("useProof needs a ProofProvider above it");
  return proof;
}
