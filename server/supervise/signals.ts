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
