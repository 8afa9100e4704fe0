import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { print, printFailure, StartError } from "./terminal";
import { words } from "./words";

/** Politely: it finishes what it has in hand first. */
export type StopMode = "politely" | "at once";

/** One run of a process that is meant to run for ever. */
export interface Run<T> {
  /** Fulfilled once it serves, with what others need to know of it. Rejects when it cannot, or ends before. */
  readonly ready: Promise<T>;
  /** Fulfilled when it has ended, for whatever reason. Never rejects. */
  readonly ended: Promise<unknown>;
  /** Makes it end. Does nothing when it has. */
  stop(mode: StopMode): void;
}

/** The `ended` of a run that is a child process: fulfilled, too, when the system could not make it. */
export function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.on("error", () => {
      if (child.pid === undefined) resolve();
    });
  });
}

/** A start that failed for a reason that may pass by itself, so that trying again makes sense. */
export class PassingError extends StartError {}

/** For how long a first start is tried again that fails for such a reason. */
const firstStartMs = 10_000;

/** After this time a run counts as healthy, and the failures before it are forgotten. */
const healthyMs = 60_000;

const firstPauseMs = 250;
const longestPauseMs = 30_000;

/** Milliseconds to wait before the next start, after so many failures in a row. */
export function backOff(failures: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10));
}

interface KeepAliveOptions<T> {
  /** What it is, for the person at the terminal. */
  readonly name: "dashboard" | "gate" | "gateProcess" | "postgres" | "nextDev";
  /** Starts a run. What it throws counts as a run that failed. */
  readonly start: () => Run<T>;
  /** How long it may take to end politely before it is stopped at once; without a number, as long as it wants. */
  readonly patienceMs?: number;
}

/** Something that is started again whenever it ends by itself. */
export interface KeptAlive<T> {
  /** What the first run told. Rejects when that fails; then nothing is started again. */
  readonly ready: Promise<T>;
  /** Ends it for good. May be called again, to hurry. Fulfilled when nothing runs any more. */
  stop(mode: StopMode): Promise<void>;
}

/**
 * Keeps something running: the one supervisor of all processes that Latchkey starts. A first start that fails is given
 * up, because somebody watches and its message says what to do. After that, whatever ends is started again, with
 * pauses that grow from a quarter of a second to half a minute while it fails.
 */
export function keepAlive<T>({ name, start, patienceMs }: KeepAliveOptions<T>): KeptAlive<T> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let startedAt = performance.now();
  let failures = 0;

  const launch = (): Run<T> => {
    startedAt = performance.now();
    try {
      return start();
    } catch (error) {
      return { ready: Promise.reject(error), ended: Promise.resolve(), stop: () => {} };
    }
  };
  let run = launch();

  /** Starts the next run after a pause; false when there is to be none. */
  const launchAgain = async (): Promise<boolean> => {
    if (performance.now() - startedAt > healthyMs) failures = 0;
    await sleep(backOff(failures++), undefined, { signal }).catch(() => {});
    if (signal.aborted) return false;
    run = launch();
    return true;
  };

  /** What the run says once it serves. One that cannot serve has ended when this rejects. */
  const served = async (): Promise<T> => {
    try {
      return await run.ready;
    } catch (error) {
      run.stop("at once");
      await run.ended;
      throw error;
    }
  };

  const startFirst = async (): Promise<T> => {
    const end = performance.now() + firstStartMs;
    for (;;) {
      try {
        return await served();
      } catch (error) {
        const tryAgain = error instanceof PassingError && performance.now() < end;
        if (!tryAgain || !(await launchAgain())) throw error;
      }
    }
  };

  const superviseRuns = async (): Promise<void> => {
    for (;;) {
      await run.ended;
      if (signal.aborted) return;
      print(words("run.again", { process: name }));
      if (!(await launchAgain())) return;
      await served().catch((error: unknown) => {
        if (!signal.aborted) printFailure(error);
      });
    }
  };

  const ready = startFirst();
  const over = ready.then(superviseRuns, () => {});
  return {
    ready,
    async stop(mode) {
      stopping.abort();
      run.stop(mode);
      const timer = patienceMs === undefined ? undefined : setTimeout(() => run.stop("at once"), patienceMs);
      await over;
      clearTimeout(timer);
    },
  };
}
