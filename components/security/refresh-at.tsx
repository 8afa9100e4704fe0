"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** A timer cannot wait longer; what ends later than that is not waited for. */
const longestWaitMs = 2 ** 31 - 1;

/** Reads the page anew once this moment has passed. Renders nothing. */
export function RefreshAt({ at }: { readonly at: Date }) {
  const router = useRouter();
  const time = at.getTime();
  useEffect(() => {
    // A second later, because clocks differ.
    const wait = Math.max(0, time - Date.now()) + 1000;
    if (wait > longestWaitMs) return;
    const timer = setTimeout(() => router.refresh(), wait);
    return () => clearTimeout(timer);
  }, [time, router]);
  return null;
}
