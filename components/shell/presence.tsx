"use client";

import { useRouter } from "next/navigation";
import { useTimeZone } from "next-intl";
import { startTransition, useCallback, useEffect } from "react";

/** Use is told this often at most, and a visible page looks this often whether it is still signed in. */
const tellEveryMs = 5 * 60_000;
const lookEveryMs = 20_000;

/**
 * Draws the page anew by the server, which finds out where to go: its reader is signed out, or may no longer be here.
 * Not while something is shown that exists nowhere else (`data-shown-once`).
 */
export function useLeave(): () => void {
  const { refresh } = useRouter();
  return useCallback(() => {
    if (!document.querySelector("[data-shown-once]")) refresh();
  }, [refresh]);
}

/**
 * Tells that a person uses the page, so that the session does not end under their hands, and leads to the login
 * page when it ended elsewhere. What the page does by itself counts as no use.
 */
export function Presence() {
  const leave = useLeave();
  useEffect(() => {
    let told = Date.now();
    const stop = new AbortController();

    async function ask(method: "GET" | "POST") {
      const { signal } = stop;
      const response = await fetch("/api/presence", { method, signal }).catch(() => null);
      if (response?.status === 401) leave();
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
  }, [leave]);
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
