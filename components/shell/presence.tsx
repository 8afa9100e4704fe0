"use client";

import { useTimeZone } from "next-intl";
import { startTransition, useEffect } from "react";
import { usePacedRefresh } from "@/components/live/use-paced-refresh";

/** Use is told this often at most, and a visible page looks this often whether it is still signed in. */
const tellEveryMs = 5 * 60_000;
const lookEveryMs = 20_000;

/**
 * Tells that a person uses the page, so that the session does not end under their hands, and leads to the login
 * page when it ended elsewhere. What the page does by itself counts as no use.
 */
export function Presence() {
  const { happened } = usePacedRefresh();
  useEffect(() => {
    let told = Date.now();
    const stop = new AbortController();

    async function ask(method: "GET" | "POST") {
      const { signal } = stop;
      const response = await fetch("/api/presence", { method, signal }).catch(() => null);
      // Read anew, the page finds out where to go.
      if (response?.status === 401) happened();
    }
    function use() {
      if (Date.now() - told < tellEveryMs) return;
      told = Date.now();
      void ask("POST");
    }
    function look() {
      if (document.visibilityState === "visible") void ask("GET");
    }

    const options = { passive: true, capture: true, signal: stop.signal };
    for (const event of ["pointerdown", "keydown"]) window.addEventListener(event, use, options);
    document.addEventListener("visibilitychange", look, options);
    const timer = setInterval(look, lookEveryMs);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [happened]);
  return null;
}

interface TimeZoneReportProps {
  readonly remember: (zone: string) => Promise<void>;
}

/** Tells the server the browser's time zone once it differs from what the page was written in. */
export function TimeZoneReport({ remember }: TimeZoneReportProps) {
  const known = useTimeZone();

  useEffect(() => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zone !== known) startTransition(() => remember(zone));
  }, [known, remember]);

  return null;
}
