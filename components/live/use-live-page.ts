"use client";

import { useEffect, useRef, useState } from "react";
import { type Following, followEvents } from "./follow-events";
import { usePacedRefresh } from "./use-paced-refresh";

/**
 * Refreshes the page when something happened in the account, but not while nobody looks, and comes back by
 * itself after the dashboard or the network was away.
 *
 * @returns whether what happens is heard, and shows, at once
 */
export function useLivePage(): boolean {
  const { happened, retry, reached } = usePacedRefresh();
  const [heard, setHeard] = useState(false);
  const following = useRef<Following | null>(null);

  useEffect(() => {
    const own = followEvents({ happened, back: retry, live: setHeard });
    following.current = own;
    return own.stop;
  }, [happened, retry]);

  useEffect(() => {
    if (reached) following.current?.reopen();
  }, [reached]);

  return heard && reached;
}
