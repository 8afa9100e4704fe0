import { setTimeout as sleep } from "node:timers/promises";
import type { CallerSums } from "@/lib/domain/caller-sums";
import type { Observer } from "../observation";
import { createAgentReader } from "./agents";
import { type SumLimits, Sums, sumLimits } from "./sums";

/** What an observer needs of its surroundings. */
export interface ObserverOptions {
  /** Writes a batch down, wholly or not at all. */
  readonly write: (batch: readonly CallerSums[]) => Promise<void>;
  /** True for a failure that the same batch would meet again: it is dropped, not kept. */
  readonly isHopeless?: (error: unknown) => boolean;
  readonly onFailure?: (error: unknown, waitingRequests: number) => void;
  /** Told how many requests found no room at all since the last batch. */
  readonly onLost?: (requests: number) => void;
  /** Milliseconds between flushes, and the longest between attempts while they fail. */
  readonly intervalMs?: number;
  readonly longestPauseMs?: number;
  readonly limits?: SumLimits;
}

/** On closing: how often it is tried, for nobody will come later, the pause after each failure, and the end. */
const lastAttempts = 3;
const lastPauseMs = 100;
const lastLimitMs = 5000;

function requestsIn(batch: readonly CallerSums[]): number {
  return batch.reduce((all, { counts }) => counts.reduce((sum, count) => sum + count.requests, all), 0);
}

/**
 * Sums observations in bounded memory and writes them once a second, one batch at a time. What could not be
 * written goes with a later batch, so a database that is gone for a while costs detail at most: callers
 * beyond the limits are summed up as others.
 */
export function createObserver(options: ObserverOptions): Observer {
  const { write, isHopeless = () => false, onFailure = () => {}, onLost = () => {} } = options;
  const { limits = sumLimits, intervalMs = 1000, longestPauseMs = 30_000 } = options;
  const readAgent = createAgentReader();
  let sums = new Sums(limits);
  let running: Promise<void> | undefined;
  let failures = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function writeOnce(): Promise<void> {
    const { lost } = sums;
    const batch = [...sums];
    sums = new Sums(limits);
    if (lost > 0) onLost(lost);
    if (batch.length === 0) return;
    try {
      await write(batch);
      failures = 0;
    } catch (error) {
      failures++;
      if (!isHopeless(error)) for (const each of batch) sums.absorb(each);
      onFailure(error, requestsIn([...sums]));
    }
  }

  /** One flush at a time; whoever asks meanwhile gets one that begins later, with all that was recorded. */
  function flush(): Promise<void> {
    const before = running ?? Promise.resolve();
    const mine = before.then(writeOnce).finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  }

  function schedule(): void {
    if (closed) return;
    const pause = Math.min(intervalMs * 2 ** Math.min(failures, 10), longestPauseMs);
    timer = setTimeout(() => void flush().then(schedule), pause);
    timer.unref();
  }

  async function flushAtLast(): Promise<void> {
    for (let attempt = 1; attempt <= lastAttempts; attempt++) {
      await flush();
      if (sums.size === 0) return;
      await sleep(lastPauseMs);
    }
  }

  schedule();
  return {
    record(observation) {
      if (!closed) sums.record(observation, readAgent(observation.userAgent));
    },
    flush,
    async close() {
      closed = true;
      clearTimeout(timer);
      const limit = new AbortController();
      const late = sleep(lastLimitMs, undefined, { signal: limit.signal }).catch(() => {});
      await Promise.race([flushAtLast(), late]);
      limit.abort();
    },
  };
}
