"use client";

import { useFormatter, useNow } from "next-intl";
import { useSyncExternalStore } from "react";

/** "4 minutes ago", ticking; the exact time on hover. */
export function RelativeTime({ date }: { readonly date: Date }) {
  const format = useFormatter();
  const serverNow = useNow();
  const then = date.getTime();
  // The server's clock while hydrating, the browser's afterwards; equal ages render nothing anew.
  const age = useSyncExternalStore(
    subscribe,
    () => roundedAge(Date.now() - then),
    () => roundedAge(serverNow.getTime() - then),
  );
  return (
    <time
      dateTime={date.toISOString()}
      title={format.dateTime(date, { dateStyle: "full", timeStyle: "long" })}
    >
      {format.relativeTime(date, new Date(then + age))}
    </time>
  );
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Whole seconds, then minutes, then hours. Clocks differ: what seems to come from the future is now. */
function roundedAge(age: number): number {
  const unit = age < minute ? second : age < hour ? minute : hour;
  return Math.max(0, Math.floor(age / unit) * unit);
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all that tick. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, second);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
