import { useState } from "react";
import { fateOfAsked } from "@/lib/domain/asked-change";
import type { SecurityTokenView } from "@/lib/domain/security-token";
import type { PressedChange } from "./token-buttons";

/** Changes that are asked about in a dialog. */
export type AskedChange = Exclude<PressedChange, "configure">;

interface Asked {
  readonly change: AskedChange;
  /** The token as it was when the dialog opened: what is confirmed. The page goes on beside it. */
  readonly seen: SecurityTokenView;
}

/**
 * What is asked about, until somebody else's change makes the question untrue: then it is closed.
 *
 * @param now the token as it is
 * @param pending the answer is under way, so a change may be our own
 * @returns `overtaken`: the change whose question was closed like that, until the next one is asked
 */
export function useAskedChange(now: SecurityTokenView, pending: boolean) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [overtaken, setOvertaken] = useState<AskedChange | null>(null);
  const fate = asked && !pending ? fateOfAsked(asked.change, asked.seen, now) : "stands";
  if (asked && fate === "renewed") setAsked({ ...asked, seen: now });
  if (asked && fate === "over") {
    setAsked(null);
    setOvertaken(asked.change);
  }
  return {
    asked: fate === "over" ? null : asked,
    overtaken,
    ask: (change: AskedChange, seen: SecurityTokenView) => {
      setOvertaken(null);
      setAsked({ change, seen });
    },
    close: () => setAsked(null),
    forget: () => setOvertaken(null),
  };
}
