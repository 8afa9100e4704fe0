"use client";

import { useTimeZone } from "next-intl";
import { startTransition, useEffect } from "react";

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
