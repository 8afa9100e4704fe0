"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useTranslations } from "next-intl";
import { createContext, type ReactNode, use, useCallback, useMemo, useRef, useState } from "react";
import type { ActionResult } from "@/lib/domain/action-result";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { ProofByPasskey } from "./proof-by-passkey";
import { ProofForm } from "./proof-form";
import type { ProofActions, ProofWays } from "./proof-ways";
import { ProveAtProvider } from "./prove-at-provider";

interface Proof {
  /**
   * Runs a server action; when it asks for a proof of who acts, asks for one and runs it again.
   * Resolves to null when the person gives up.
   */
  readonly withProof: <T>(run: () => Promise<ActionResult<T>>) => Promise<ActionResult<T> | null>;
}

const ProofContext = createContext<Proof | null>(null);

interface ProofProviderProps {
  readonly actions: ProofActions;
  readonly ways: ProofWays;
  /** Address of the person signed in. */
  readonly email: string;
  readonly children: ReactNode;
}

/** Gives everything below it `useProof()`, with one dialog for all. */
export function ProofProvider({ actions, ways, email, children }: ProofProviderProps) {
  const t = useTranslations("common.proof");
  const path = usePathname();
  const query = useSearchParams();
  const [open, setOpen] = useState(false);
  const [byPassword, setByPassword] = useState(false);
  const settle = useRef<((proven: boolean) => void) | null>(null);

  const ask = useCallback((): Promise<boolean> => {
    settle.current?.(false);
    setByPassword(false);
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
      <Dialog
        open={open}
        onOpenChange={() => onClose(false)}
        title={t("title")}
        description={t("description")}
      >
        {ways.passkey && !byPassword ? (
          <ProofByPasskey actions={actions} onClose={onClose} onOther={() => setByPassword(true)} />
        ) : (
          <ProofForm prove={actions.password} code={ways.code} email={email} onClose={onClose}>
            {ways.passkey && (
              <Button variant="quiet" onClick={() => setByPassword(false)}>
                {t("byPasskey")}
              </Button>
            )}
          </ProofForm>
        )}
        {ways.provider !== null && (
          <ProveAtProvider
            words={t("atProvider", { name: ways.provider })}
            callbackUrl={query.size > 0 ? `${path}?${query}` : path}
          />
        )}
      </Dialog>
    </ProofContext>
  );
}

/** `withProof` of the nearest ProofProvider. */
export function useProof(): Proof {
  const proof = use(ProofContext);
  if (!proof) throw new Error("useProof needs a ProofProvider above it");
  return proof;
}
