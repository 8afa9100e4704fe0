import { setTimeout as sleep } from "node:timers/promises";
import { type CallerStatistics, refusesData, writeCallerStatistics } from "@/lib/db/caller-statistics";
import { forgetOldTraffic } from "@/lib/db/traffic";
import { createGateLog, failureFacts } from "../log";
import { type AggregationLimits, CallerAggregator } from "./caller-aggregator";
import type { CallerEvent } from "./caller-event";

/** What a writer needs of its surroundings. */
export interface StatisticsWriterOptions {
  /** Writes a batch down, wholly or not at all. */
  readonly write: (batch: readonly CallerStatistics[]) => Promise<void>;
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
  readonly limits?: AggregationLimits;
}

/** What comes within this time after the first request since the last batch goes with it. */
const togetherMs = 20;
const defaultIntervalMs = 300;

/**
 * Callers in one batch, and how long the database rests after it, as a multiple of how long it took: however many
 * call, statistics take a quarter of one connection at most. A hundred thousand callers wait some thirty seconds. After
 * a batch that was not full it rests for a second at most: a page may be waiting for the next.
 */
const defaultBatchSize = 2000;
const restAfter = 3;
const longestSmallRestMs = 1000;
/** After each failure the next batch has half the size: a slow database may do in pieces what it cannot at once. */
const leastBatchSize = 100;

/** On closing: how often it is tried, for nobody will come later, the pause after each failure, and the end. */
const lastAttempts = 3;
const lastPauseMs = 100;
const lastLimitMs = 5000;

/**
 * Adds up events in memory and writes statistics down in batches: at once after a pause, and some three times a
 * second while requests come, since a page may be waiting for them. Whoever waits for a later batch is counted on where
 * it is. What could not be written goes with a later batch, so a database that is gone for a while costs detail at most:
 * callers beyond the limits are counted as others. One batch is held beside what keeps to the limits.
 */
export class StatisticsWriter {
  readonly #options: StatisticsWriterOptions;
  readonly #batchSize: number;
  readonly #intervalMs: number;
  readonly #longestPauseMs: number;
  readonly #filling: CallerAggregator;
  /** The batch that is being written, or could not be. */
  readonly #inFlight: CallerStatistics[] = [];
  #size: number;
  #failures = 0;
  #running: Promise<unknown> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #restUntil: number;
  #closed = false;

  constructor(options: StatisticsWriterOptions) {
    this.#options = options;
    this.#filling = new CallerAggregator(options.limits);
    this.#batchSize = options.batchSize ?? defaultBatchSize;
    this.#size = this.#batchSize;
    this.#intervalMs = options.intervalMs ?? defaultIntervalMs;
    this.#longestPauseMs = options.longestPauseMs ?? 30_000;
    this.#restUntil = performance.now() + this.#intervalMs;
  }

  /** Counts one event in constant time and bounded memory. Never throws. */
  record(event: CallerEvent): void {
    if (this.#closed) return;
    this.#filling.record(event);
    if (this.#timer === undefined) this.#schedule();
  }

  /** Writes what was recorded until now. What cannot be written stays and goes with the next flush; never rejects. */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      const failedBefore = this.#failures;
      for (let left = this.#waiting; left > 0 && this.#failures <= failedBefore; ) {
        left -= await this.#writeBatch();
      }
    });
  }

  /** Flushes, up to three times and 5 s while that fails, and stops; what is recorded later is dropped. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const limit = new AbortController();
    const late = sleep(lastLimitMs, undefined, { signal: limit.signal }).catch(() => {});
    await Promise.race([this.#flushAtLast(), late]);
    limit.abort();
  }

  /** Callers that are not written yet. */
  get #waiting(): number {
    return this.#inFlight.length + this.#filling.callers;
  }

  #waitingRequests(): number {
    let all = 0;
    for (const { counts } of [...this.#inFlight, ...this.#filling]) {
      for (const { requests } of counts) all += requests;
    }
    return all;
  }

  /** Tries one batch, and returns how many callers it had. */
  async #writeBatch(): Promise<number> {
    const { write, isHopeless, onFailure, onLost } = this.#options;
    const lost = this.#filling.takeLost();
    if (lost > 0) onLost?.(lost);
    this.#inFlight.push(...this.#filling.drain(this.#size - this.#inFlight.length));
    const batch = this.#inFlight.slice(0, this.#size);
    if (batch.length === 0) return 0;
    try {
      await write(batch);
      this.#inFlight.splice(0, batch.length);
      this.#failures = 0;
      this.#size = Math.min(this.#batchSize, this.#size * 2);
    } catch (error) {
      if (isHopeless?.(error)) this.#inFlight.splice(0, batch.length);
      this.#failures++;
      this.#size = Math.max(Math.min(this.#batchSize, leastBatchSize), Math.ceil(this.#size / 2));
      onFailure?.(error, this.#waitingRequests());
    }
    return batch.length;
  }

  /** One batch at a time; whoever asks meanwhile comes later, with all that was recorded until then. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#running ?? Promise.resolve();
    const mine = before.then(work).finally(() => {
      if (this.#running === mine) this.#running = undefined;
    });
    this.#running = mine;
    return mine;
  }

  #schedule(): void {
    if (this.#closed || this.#timer !== undefined) return;
    const pauseMs = Math.max(Math.min(togetherMs, this.#intervalMs), this.#restUntil - performance.now());
    this.#timer = setTimeout(() => void this.#writeThenRest(), pauseMs);
    this.#timer.unref();
  }

  async #writeThenRest(): Promise<void> {
    const started = performance.now();
    const size = this.#size;
    const isFull = (await this.#inTurn(() => this.#writeBatch())) >= size;
    const ended = performance.now();
    const longestRestMs = isFull ? this.#longestPauseMs : longestSmallRestMs;
    const restMs = Math.min(restAfter * (ended - started), longestRestMs);
    const pauseMs = Math.min(this.#intervalMs * 2 ** Math.min(this.#failures, 10), this.#longestPauseMs);
    this.#restUntil = ended + Math.max(restMs, pauseMs);
    this.#timer = undefined;
    if (this.#waiting > 0) this.#schedule();
  }

  async #flushAtLast(): Promise<void> {
    for (let attempt = 1; attempt <= lastAttempts; attempt++) {
      await this.flush();
      if (this.#waiting === 0) return;
      await sleep(lastPauseMs);
    }
  }
}

/** Between two looks for what is old enough to be forgotten. */
const forgetEveryMs = 10 * 60_000;

interface ProcessStatistics {
  readonly writer: StatisticsWriter;
  readonly forgetting: NodeJS.Timeout;
}

function create(): ProcessStatistics {
  const log = createGateLog();
  const writer = new StatisticsWriter({
    write: writeCallerStatistics,
    isHopeless: refusesData,
    onFailure: (error, waiting) =>
      log.error({ ...failureFacts(error), waiting }, "statistics could not be written; they are kept"),
    onLost: (requests) => log.error({ requests }, "statistics found no room; the requests are not counted"),
  });
  const forget = () =>
    forgetOldTraffic().catch((error) =>
      log.error(failureFacts(error), "old statistics could not be deleted"),
    );
  return { writer, forgetting: setInterval(() => void forget(), forgetEveryMs).unref() };
}

// `next dev` reloads modules; what is not yet written must outlive them.
const shared = globalThis as typeof globalThis & { latchkeyStatistics?: ProcessStatistics };

/** The statistics of this process, made on first use. They are written to `DATABASE_URL`. */
export function processStatistics(): StatisticsWriter {
  shared.latchkeyStatistics ??= create();
  return shared.latchkeyStatistics.writer;
}

/** Writes down what this process has counted, if it has, and ends counting: the last thing before it ends. */
export async function closeProcessStatistics(): Promise<void> {
  clearInterval(shared.latchkeyStatistics?.forgetting);
  await shared.latchkeyStatistics?.writer.close();
}
