"use client";

import { useEffect } from "react";
import { usePacedRefresh } from "@/components/live/use-paced-refresh";

/** A timer cannot wait longer; what ends later than that is not waited for. */
const longestWaitMs = 2 ** 31 - 1;

/** Reads the page anew once this moment has passed. Renders nothing. */
export function RefreshAt({ at }: { readonly at: Date }) {
  const { happened } = usePacedRefresh();
  const time = at.getTime();
  useEffect(() => {
    // A second later, because clocks differ.
    const wait = Math.max(0, time - Date.now()) + 1000;
    if (wait > longestWaitMs) return;
    const timer = setTimeout(happened, wait);
    return () => clearTimeout(timer);
  }, [time, happened]);
  return null;
}
