"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState, useTransition } from "react";
import { dashboardAnswers } from "./dashboard-answers";
import { type Pace, pace } from "./pace";
import { isRefreshHeld, refreshAllowed } from "./refresh-hold";
import { steadyReading } from "./steady-reading";

/** Reads the page anew, whatever gets lost on the way; resolves once the new one shows. */
function useRefresh(): (lost: () => void) => Promise<void> {
  const { refresh } = useRouter();
  const [, startRefresh] = useTransition();
  // Set in the same transition, so that it changes together with the page.
  const [rounds, setRounds] = useState(0);
  const shown = useRef(() => {});
  useEffect(() => {
    if (rounds > 0) shown.current();
  }, [rounds]);
  useEffect(() => () => shown.current(), []);
  return useCallback(
    (lost) =>
      new Promise((resolve) => {
        const end = steadyReading(lost);
        shown.current = () => {
          end();
          resolve();
        };
        startRefresh(() => {
          refresh();
          setRounds((before) => before + 1);
        });
      }),
    [refresh],
  );
}

/** Whether the dashboard answers, asked at a moment when nothing holds refreshes. */
async function answers(): Promise<boolean> {
  for (;;) {
    await refreshAllowed();
    const good = await dashboardAnswers();
    if (!isRefreshHeld()) return good;
  }
}

/**
 * For every refresh that nobody clicked. When the answer to one is lost, Next.js opens the address instead, and
 * a browser that reaches nothing shows its own error page: so the dashboard is asked first, right before, and
 * again until it answers; and what gets lost after that is asked for again.
 *
 * @returns when to read, and whether the dashboard answered when it was asked last
 */
export function usePacedRefresh(): Pick<Pace, "happened" | "retry"> & { readonly reached: boolean } {
  const read = useRefresh();
  const [reached, setReached] = useState(true);
  const paced = useRef<Pace | null>(null);
  useEffect(() => {
    const own = pace({ answers, read, reached: setReached });
    paced.current = own;
    return own.stop;
  }, [read]);
  const happened = useCallback(() => paced.current?.happened(), []);
  const retry = useCallback(() => paced.current?.retry(), []);
  return { happened, retry, reached };
}
