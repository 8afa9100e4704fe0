"use client";

import { useTranslations } from "next-intl";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useLeave } from "@/components/shell/presence";
import { classNames } from "@/components/ui/class-names";
import { leastRestMs, type Reading, readingOf } from "@/lib/domain/live";
import { followEvents } from "./follow-events";
import { pace } from "./pace";

/** An answer that takes longer is lost. */
const patienceMs = 30_000;

/** What ends by the server's clock is read a second later, because clocks differ. */
const afterEndMs = 1000;

/** A timer cannot wait longer; what ends later than that is not waited for. */
const longestWaitMs = 2 ** 31 - 1;

/** @throws whatever keeps an answer from coming whole, and from the dashboard itself */
async function read<T>(url: string, shutOut: () => void): Promise<Reading<T>> {
  const signal = AbortSignal.timeout(patienceMs);
  const response = await fetch(url, { cache: "no-store", redirect: "error", signal });
  if (response.status === 401 || response.status === 403) shutOut();
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return readingOf<T>(await response.text());
}

interface LiveData<T> {
  readonly data: T;
  /** Whether what happens is heard, and shows, at once. */
  readonly live: boolean;
  /** Shows at once what the answer to one's own change said. */
  readonly show: (change: (shown: T) => T) => void;
  /** Reads now. @returns what is so now, or what was shown when nobody answers */
  readonly refresh: () => Promise<T>;
}

/**
 * Keeps what a page shows as things are: reads it anew when something happened in the account, or when time alone
 * changes it, but not while nobody looks, and comes back by itself after the dashboard or the network was away. What
 * was shown stays until there is something newer. One to a page.
 *
 * @param path a route made by `jsonRoute`, with its query
 * @param initial what the server drew the page with: the newer of it and what was read since is shown
 * @param changesAt when what is shown becomes another thing by time alone
 */
export function useLive<T>(
  path: string,
  initial: Reading<T>,
  changesAt: (data: T) => Date | null = () => null,
): LiveData<T> {
  const url = `${path}${path.includes("?") ? "&" : "?"}account=${initial.accountId}`;
  const [held, setHeld] = useState<{ readonly url: string; readonly reading: Reading<T> } | null>(null);
  const newest = (read: typeof held) =>
    read?.url === url && read.reading.at >= initial.at ? read.reading : initial;
  const shown = newest(held);
  const [heard, setHeard] = useState(false);
  const [reached, setReached] = useState(true);
  const shutOut = useLeave();
  const changes = useRef(0);

  async function refresh(): Promise<Reading<T>> {
    const before = changes.current;
    const reading = await read<T>(url, shutOut);
    // What began before one's own change was answered does not know of it; of two readings the one that began last counts.
    if (changes.current === before) {
      setHeld((held) => (newest(held).at > reading.at ? held : { url, reading }));
    }
    return reading;
  }

  const readUnlessHidden = useEffectEvent(async () => {
    if (document.visibilityState === "hidden") return leastRestMs;
    return refresh().then(
      ({ restMs }) => restMs,
      () => null,
    );
  });
  const happened = useRef(() => {});

  useEffect(() => {
    const paced = pace({
      read: readUnlessHidden,
      reached: (answered) => {
        setReached(answered);
        if (answered) following.reopen();
      },
    });
    const following = followEvents({ happened: paced.happened, back: paced.retry, live: setHeard });
    happened.current = paced.happened;
    return () => {
      following.stop();
      paced.stop();
    };
  }, []);

  const ends = changesAt(shown.data)?.getTime();
  const { at } = shown;
  useEffect(() => {
    if (ends === undefined) return;
    const wait = Math.max(0, ends - at.getTime()) + afterEndMs;
    if (wait > longestWaitMs) return;
    const timer = setTimeout(() => happened.current(), wait);
    return () => clearTimeout(timer);
  }, [ends, at]);

  return {
    data: shown.data,
    live: heard && reached,
    show: (change) => {
      changes.current++;
      setHeld((held) => {
        const reading = newest(held);
        return { url, reading: { ...reading, data: change(reading.data) } };
      });
    },
    refresh: () =>
      refresh().then(
        ({ data }) => data,
        () => shown.data,
      ),
  };
}

/** Says quietly whether what happens shows at once. */
export function LiveDot({ live }: { readonly live: boolean }) {
  const t = useTranslations("preflight");
  const state = live ? "on" : "off";
  return (
    <span
      title={t(`liveHint.${state}`)}
      className="flex items-center gap-1.5 whitespace-nowrap text-muted text-xs"
    >
      <span
        aria-hidden
        className={classNames("size-1.5 rounded-full", live ? "bg-good" : "border border-line-control")}
      />
      {t(`live.${state}`)}
    </span>
  );
}
