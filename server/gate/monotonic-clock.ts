/** The clocks it goes by; tests have others. */
interface Clocks {
  /** Milliseconds since 1970; may jump either way. */
  readonly wall: () => number;
  /** Milliseconds since anything; never goes back. */
  readonly monotonic: () => number;
}

const machine: Clocks = { wall: Date.now, monotonic: () => performance.now() };

/**
 * A clock that makes no more than one Date a millisecond, however often it is asked. When the machine's clock
 * is set back, it stands still for `holdMs`, so that nothing that was over begins again while it is decided by
 * what was known before; then it follows, so a clock that was wrongly ahead does no lasting harm.
 */
export function monotonicDate(holdMs: number, { wall, monotonic }: Clocks = machine): () => Date {
  let last = new Date(0);
  let lastMs = 0;
  let heldSince: number | undefined;
  return () => {
    const ms = wall();
    if (ms === lastMs) {
      heldSince = undefined;
      return last;
    }
    if (ms < lastMs) {
      heldSince ??= monotonic();
      if (monotonic() - heldSince < holdMs) return last;
    }
    heldSince = undefined;
    lastMs = ms;
    last = new Date(ms);
    return last;
  };
}
