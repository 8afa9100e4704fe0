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
