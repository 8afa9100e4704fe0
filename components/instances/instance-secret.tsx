"use client";

import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import type { Failure } from "@/components/shell/refusal";
import { useSubmission } from "@/components/shell/use-submission";
import { revealInstanceTokenAction } from "@/lib/actions/instances";
import { instanceBase } from "@/lib/domain/instance-url";
import { maskedToken, tokenPlaceholder } from "./samples";

interface InstanceSecret {
  /** The token when it may be seen on the page, else null. */
  readonly visible: string | null;
  readonly canReveal: boolean;
  readonly pending: boolean;
  readonly failure: Failure | null;
  /** The token as it may be shown now: plain, masked, or a placeholder. */
  readonly shownToken: string;
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
  /** Scheme, host and port where instances are called, without a trailing slash. */
  readonly origin: string;
  readonly instanceId: string;
  /** The id in its URL. */
  readonly calledId: string;
  /** Whether this person may see the token. */
  readonly mayReveal: boolean;
  readonly children: ReactNode;
}

/** Holds one instance's token, only here in memory and only after it was asked for. */
export function InstanceSecretProvider({ origin, instanceId, calledId, mayReveal, children }: ProviderProps) {
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
    if (held.current !== null || !mayReveal) return Promise.resolve(held.current);
    // Reveal and three copy buttons ask for the same thing: one request, one line in the activity list.
    running.current ??= submit(() => revealInstanceTokenAction({ instanceId }))
      .then((result) => (result?.ok ? keep(result.data.token) : null))
      .finally(() => {
        running.current = null;
      });
    return running.current;
  }

  const urlWith = (instanceToken: string) => origin + instanceBase({ instanceId: calledId, instanceToken });
  const visible = shown ? token : null;
  const shownToken = visible ?? (mayReveal ? maskedToken : tokenPlaceholder);
  const value: InstanceSecret = {
    visible,
    canReveal: mayReveal,
    pending,
    failure,
    shownToken,
    shownUrl: urlWith(shownToken),
    show: () => void obtain().then((result) => setShown(result !== null)),
    hide: () => setShown(false),
    replace(next) {
      keep(next);
      setShown(true);
    },
    obtain,
    async obtainUrl() {
      if (!mayReveal) return urlWith(tokenPlaceholder);
      const real = await obtain();
      return real === null ? null : urlWith(real);
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
