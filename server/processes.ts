import { setTimeout as sleep } from "node:timers/promises";

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
