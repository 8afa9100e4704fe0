import { useEffect, useRef, useState } from "react";
import type { Consequence } from "@/lib/domain/caller-view";
import { hasConsequenceChanged } from "@/lib/domain/consequence";
import type { ActionResult } from "@/lib/domain/errors";

/** Reads what a change would do; null when it would do nothing to anybody. */
export type ReadConsequence = () => Promise<ActionResult<Consequence | null>>;

interface Read {
  readonly state: "loading" | "failed" | "read";
  /** What is shown, and what was read last. */
  readonly shown: Consequence | null;
  readonly newest: Consequence | null;
}

const loading: Read = { state: "loading", shown: null, newest: null };

/**
 * What a change would do, read when its dialog opens and whenever what it rests on has moved on. What is shown stays until
 * its reader looks again: nothing moves under the pointer.
 *
 * @param read null: nothing would happen to anybody, so there is nothing to read
 * @param moment another text: callers have changed
 */
export function useConsequence(read: ReadConsequence | null, moment: string) {
  const [found, setFound] = useState(loading);
  const asked = useRef<string | null>(null);
  const latest = useRef(0);

  /** @param show even if something else is shown already */
  async function look(show: boolean) {
    if (!read) return;
    const mine = ++latest.current;
    const result = await read().catch(() => null);
    // A later question has a newer answer.
    if (mine !== latest.current) return;
    setFound((now) => {
      if (!result?.ok) return now.state === "read" ? now : { ...now, state: "failed" };
      const { data } = result;
      return { state: "read", newest: data, shown: show || now.state !== "read" ? data : now.shown };
    });
  }

  useEffect(() => {
    if (!read) {
      asked.current = null;
      latest.current++;
    } else if (asked.current !== moment) {
      const first = asked.current === null;
      asked.current = moment;
      if (first) setFound(loading);
      void look(first);
    }
  });

  const { state, shown, newest } = found;
  return {
    state: read ? state : ("read" as const),
    shown: read ? shown : null,
    outdated: read !== null && shown !== null && newest !== null && hasConsequenceChanged(shown, newest),
    /** Shows callers as they are now. */
    look: () => look(true),
    retry: () => {
      setFound(loading);
      void look(true);
    },
  };
}
