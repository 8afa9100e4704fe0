"use client";

import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/errors";
import { onDemand } from "../ui/on-demand";
import type { ProofWays } from "./proof-dialog";

const dialog = onDemand(() => import("./proof-dialog"));

/** As a change that was asked to be proven, and was not made: its question could not be loaded. */
const notAsked = { ok: false, code: "failed", fields: [] } as const;

interface Proof {
  /**
   * Runs a server action; when it asks for a proof of who acts, asks for one and runs it again.
   * Resolves to null when the person gives up.
   */
  readonly withProof: <T>(run: () => Promise<ActionResult<T>>) => Promise<ActionResult<T> | null>;
}

const ProofContext = createContext<Proof | null>(null);

interface ProofProviderProps {
  readonly ways: ProofWays;
  /** Address of the person signed in. */
  readonly email: string;
  readonly children: ReactNode;
}

/** Gives everything below it `useProof()`, with one dialog for all. */
export function ProofProvider({ ways, email, children }: ProofProviderProps) {
  const [asked, setAsked] = useState(0);
  const settle = useRef<((proven: boolean) => void) | null>(null);

  const ask = useCallback((): Promise<boolean> => {
    settle.current?.(false);
    setAsked((count) => count + 1);
    return new Promise((resolve) => {
      settle.current = resolve;
    });
  }, []);

  const proof = useMemo<Proof>(
    () => ({
      async withProof(run) {
        const first = await run();
        if (first.ok || first.code !== "proof_required") return first;
        if (!(await dialog.load())) return notAsked;
        return (await ask()) ? run() : null;
      },
    }),
    [ask],
  );

  function onClose(proven: boolean) {
    setAsked(0);
    settle.current?.(proven);
    settle.current = null;
  }

  const { ProofDialog } = dialog.part ?? {};
  return (
    <ProofContext value={proof}>
      {children}
      {asked > 0 && ProofDialog && <ProofDialog key={asked} {...{ ways, email, onClose }} />}
    </ProofContext>
  );
}

/** `withProof` of the nearest ProofProvider. */
export function useProof(): Proof {
  const proof = use(ProofContext);
  if (!proof) throw new Error("useProof needs a ProofProvider above it");
  return proof;
}
