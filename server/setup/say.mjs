import { performance } from "node:perf_hooks";

/** Prints one line of progress. */
export function say(line) {
  process.stdout.write(`Latchkey: ${line}\n`);
}

/** A set-up step that cannot succeed; the message is one clear line that says what to do. */
export class SetupError extends Error {
  name = "SetupError";
}

/** Announces a piece of work, does it, and says how long it took. */
export async function announce(line, work) {
  const started = performance.now();
  say(`${line} …`);
  const result = await work();
  say(`  done in ${Math.max(1, Math.round((performance.now() - started) / 1000))} s`);
  return result;
}
