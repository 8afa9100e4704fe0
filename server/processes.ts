import { setTimeout as sleep } from "node:timers/promises";
import { printFailure, StartError } from "./terminal";

/** Asks every `everyMs` until the answer is true or the time is over; returns the last answer. */
export async function waitUntil(
  isTrue: () => boolean | Promise<boolean>,
  { withinMs, everyMs = 20 }: { withinMs: number; everyMs?: number },
): Promise<boolean> {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() >= end) return false;
    await sleep(everyMs);
  }
}

/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const firstMs = 250;
const longestMs = 30_000;

/** Milliseconds to wait before starting something again that failed so many times in a row. */
export function backOff(failures: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(failures, 10));
}

const lookEveryMs = 500;

/**
 * Calls back when the shell that npm put between itself and this process has gone. A signal sent to npm
 * ends that shell, and the shell does not pass it on. Does nothing when npm did not start this process.
 */
export function onParentGone(callback: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, lookEveryMs);
  timer.unref();
}

/** npm passes on the Ctrl-C that the terminal sent to this process already: one press, two signals. */
const samePressMs = 500;

/**
 * Calls `politely` at the first signal to stop and `atOnce` at a second one.
 */
export function onStopSignals(politely: () => void, atOnce: () => void): void {
  let first: number | undefined;
  const stop = () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      politely();
    } else if (now - first > samePressMs) {
      atOnce();
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
}

/** What a supervised process tells the one that started it. */
type Report =
  | { readonly kind: "listening"; readonly port: number }
  /** It cannot work until its operator mends something: starting it again would not help. */
  | { readonly kind: "failed"; readonly message: string };

/** Sends a report to the parent; does nothing when the process was started by hand. */
export function report(message: Report): void {
  process.send?.(message);
}

/**
 * Ends a process that could not start, with exit code 1: what its operator can mend is told to the parent, else to the
 * person at the terminal.
 */
export function endFailed(error: unknown): void {
  const expected = error instanceof StartError;
  if (expected) report({ kind: "failed", message: error.message });
  if (!process.send || !expected) printFailure(error);
  // Not process.exit: the report must leave first.
  process.exitCode = 1;
  process.disconnect?.();
}

/** Recognises a report among what a child sends. */
export function isReport(message: unknown): message is Report {
  if (typeof message !== "object" || message === null || !("kind" in message)) return false;
  if (message.kind === "listening") return "port" in message && typeof message.port === "number";
  return message.kind === "failed" && "message" in message && typeof message.message === "string";
}
