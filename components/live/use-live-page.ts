"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { followEvents } from "./follow-events";

/** Between two refreshes at least, in milliseconds. */
const leastPauseMs = 700;

/**
 * Refreshes the page when something happened in the account: at once, then at most every so often, one
 * refresh at a time, and not while nobody looks.
 *
 * @returns whether what happens is heard at once
 */
export function useLivePage(): boolean {
  const { refresh } = useRouter();
  const [live, setLive] = useState(false);
  const [refreshing, startRefresh] = useTransition();
  const busy = useRef(false);
  const again = useRef(false);
  const run = useRef(() => {});

  useEffect(() => {
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    run.current = () => {
      if (timer !== undefined) return;
      const wait = Math.max(0, last + leastPauseMs - Date.now());
      timer = setTimeout(() => {
        timer = undefined;
        if (busy.current) {
          again.current = true;
          return;
        }
        last = Date.now();
        startRefresh(() => refresh());
      }, wait);
    };
    const stop = followEvents({ happened: () => run.current(), live: setLive });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [refresh]);

  useEffect(() => {
    busy.current = refreshing;
    if (refreshing || !again.current) return;
    again.current = false;
    run.current();
  }, [refreshing]);

  return live;
}
