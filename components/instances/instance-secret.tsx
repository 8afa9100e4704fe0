"use client";

import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import type { Failure } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import type { ActionResult } from "@/lib/domain/errors";
import { baseUrl, maskedToken, tokenPlaceholder } from "./base-url";

/** The server action that hands the token out, or says why not. */
export type RevealToken = (input: { instanceId: string }) => Promise<ActionResult<{ token: string }>>;

interface InstanceSecret {
  /** The token when it may be seen on the page, else null. */
  readonly visible: string | null;
  readonly canReveal: boolean;
  readonly pending: boolean;
  readonly failure: Failure | null;
  /** The base URL as it may be shown now: with the token, masked, or with a placeholder. */
  readonly shownUrl: string;
  show(): void;
  hide(): void;
  /** Takes the place of a token that has just been replaced, and shows it. */
  replace(token: string): void;
  /** The token for the clipboard: fetched when needed, not shown. null: cancelled or refused. */
  obtain(): Promise<string | null>;
  /** The base URL for the clipboard. */
  obtainUrl(): Promise<string | null>;
}

const Context = createContext<InstanceSecret | null>(null);

interface ProviderProps {
  readonly origin: string;
  readonly instanceId: string;
  /** null: this person may not see the token. */
  readonly reveal: RevealToken | null;
  readonly children: ReactNode;
}

/** Holds one instance's token, only here in memory and only after it was asked for. */
export function InstanceSecretProvider({ origin, instanceId, reveal, children }: ProviderProps) {
  const [shown, setShown] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const held = useRef<string | null>(null);
  const running = useRef<Promise<string | null> | null>(null);
  const { pending, failure, submit } = useSubmission();

  function keep(value: string): string {
    held.current = value;
    setToken(value);
    return value;
  }

  function obtain(): Promise<string | null> {
    if (held.current !== null || reveal === null) return Promise.resolve(held.current);
    // Reveal and three copy buttons ask for the same thing: one request, one line in the activity list.
    running.current ??= submit(() => reveal({ instanceId }))
      .then((result) => (result?.ok ? keep(result.data.token) : null))
      .finally(() => {
        running.current = null;
      });
    return running.current;
  }

  const visible = shown ? token : null;
  const value: InstanceSecret = {
    visible,
    canReveal: reveal !== null,
    pending,
    failure,
    shownUrl: baseUrl(origin, instanceId, visible ?? (reveal ? maskedToken : tokenPlaceholder)),
    show: () => void obtain().then((result) => setShown(result !== null)),
    hide: () => setShown(false),
    replace(next) {
      keep(next);
      setShown(true);
    },
    obtain,
    async obtainUrl() {
      if (reveal === null) return baseUrl(origin, instanceId, tokenPlaceholder);
      const real = await obtain();
      return real === null ? null : baseUrl(origin, instanceId, real);
    },
  };

  return <Context value={value}>{children}</Context>;
}

/** The token of the instance around this component. */
export function useInstanceSecret(): InstanceSecret {
  const secret = useContext(Context);
  if (!secret) throw new Error("useInstanceSecret needs an InstanceSecretProvider around it");
  return secret;
}
