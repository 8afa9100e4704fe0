import { setTimeout as sleep } from "node:timers/promises";
import { refusesData, writeObservations } from "@/lib/db/observations";
import { forgetOldTraffic } from "@/lib/db/traffic";
import type { CallerSums } from "@/lib/domain/caller-sums";
import { createGateLog, failureFacts } from "../log";
import { createAgentReader } from "./agents";
import type { Observer } from "./observation";
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
  /** The least milliseconds between batches, and the longest between attempts while they fail. */
  readonly intervalMs?: number;
  readonly longestPauseMs?: number;
  /** Callers in one batch. */
  readonly batchSize?: number;
  readonly limits?: SumLimits;
}

/** What comes within this time after the first request since the last batch goes with it. */
const togetherMs = 20;
const defaultIntervalMs = 300;

/**
 * Callers in one batch, and how long the database rests after it, as a multiple of how long it took: however many
 * call, statistics take a third of one connection at most. A hundred thousand callers wait some twenty seconds. After
 * a batch that was not full it rests for a second at most: a page may be waiting for the next.
 */
const defaultBatchSize = 5000;
const restAfter = 2;
const longestSmallRestMs = 1000;
/** After each failure the next batch has half the size: a slow database may do in pieces what it cannot at once. */
const leastBatchSize = 100;

/** On closing: how often it is tried, for nobody will come later, the pause after each failure, and the end. */
const lastAttempts = 3;
const lastPauseMs = 100;
const lastLimitMs = 5000;

/**
 * Sums observations in bounded memory and writes them down in batches, those first that have waited longest: at once
 * after a pause, and some three times a second while requests come, since a page may be waiting for them. What could not be written goes with a later batch, so a database that is gone for a while costs
 * detail at most: callers beyond the limits are summed up as others.
 */
export function createObserver(options: ObserverOptions): Observer {
  const { write, isHopeless = () => false, onFailure = () => {}, onLost = () => {} } = options;
  const { limits = sumLimits, intervalMs = defaultIntervalMs, longestPauseMs = 30_000 } = options;
  const { batchSize = defaultBatchSize } = options;
  const readAgent = createAgentReader();
  const sums = new Sums(limits);
  let running: Promise<unknown> | undefined;
  let failures = 0;
  let size = batchSize;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let restUntil = performance.now() + intervalMs;

  /** True when more callers wait than went. */
  async function writeOnce(): Promise<boolean> {
    const lost = sums.takeLost();
    if (lost > 0) onLost(lost);
    const batch = sums.take(size);
    if (batch.length === 0) return false;
    const isFull = batch.length >= size;
    try {
      await write(batch);
      failures = 0;
      size = Math.min(batchSize, size * 2);
    } catch (error) {
      failures++;
      size = Math.max(Math.min(batchSize, leastBatchSize), Math.ceil(size / 2));
      if (!isHopeless(error)) for (const each of batch) sums.absorb(each);
      onFailure(error, sums.requests);
    }
    return isFull;
  }

  /** One batch at a time; whoever asks meanwhile comes later, with all that was recorded until then. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = running ?? Promise.resolve();
    const mine = before.then(work).finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  }

  function flush(): Promise<void> {
    return inTurn(async () => {
      const failedBefore = failures;
      for (let left = sums.callers; left > 0 && failures <= failedBefore; ) {
        left -= size;
        await writeOnce();
      }
    });
  }

  function schedule(): void {
    if (closed || timer !== undefined) return;
    const pauseMs = Math.max(Math.min(togetherMs, intervalMs), restUntil - performance.now());
    timer = setTimeout(() => void writeThenRest(), pauseMs);
    timer.unref();
  }

  async function writeThenRest(): Promise<void> {
    const started = performance.now();
    const wasFull = await inTurn(writeOnce);
    const ended = performance.now();
    const restMs = Math.min(restAfter * (ended - started), wasFull ? longestPauseMs : longestSmallRestMs);
    restUntil = ended + Math.max(restMs, Math.min(intervalMs * 2 ** Math.min(failures, 10), longestPauseMs));
    timer = undefined;
    if (sums.size > 0) schedule();
  }

  async function flushAtLast(): Promise<void> {
    for (let attempt = 1; attempt <= lastAttempts; attempt++) {
      await flush();
      if (sums.size === 0) return;
      await sleep(lastPauseMs);
    }
  }

  return {
    record(observation) {
      if (closed) return;
      sums.record(observation, readAgent(observation.userAgent));
      if (timer === undefined) schedule();
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

/** Between two looks for what is old enough to be forgotten. */
const forgetEveryMs = 10 * 60_000;

function create(): Observer {
  const log = createGateLog();
  const observer = createObserver({
    write: writeObservations,
    isHopeless: refusesData,
    onFailure: (error, waiting) =>
      log.error({ ...failureFacts(error), waiting }, "statistics could not be written; they are kept"),
    onLost: (requests) => log.error({ requests }, "statistics found no room; the requests are not counted"),
  });
  const forget = () =>
    forgetOldTraffic().catch((error) =>
      log.error(failureFacts(error), "old statistics could not be deleted"),
    );
  const timer = setInterval(() => void forget(), forgetEveryMs).unref();
  return {
    ...observer,
    close: () => {
      clearInterval(timer);
      return observer.close();
    },
  };
}

// `next dev` reloads modules; what is not yet written must outlive them.
const shared = globalThis as typeof globalThis & { latchkeyObserver?: Observer };

/** The observer of this process, made on first use. It writes to `DATABASE_URL`. */
export function processObserver(): Observer {
  shared.latchkeyObserver ??= create();
  return shared.latchkeyObserver;
}

/** Writes down what this process has observed, if it has, and ends observing: the last thing before it ends. */
export async function closeProcessObserver(): Promise<void> {
  await shared.latchkeyObserver?.close();
}
