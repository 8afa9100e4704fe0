import { type ClockReading, clockSkew, clocksAgree } from "@/lib/domain/confirmation";
import type { GateLog } from "./log";

/**
 * Watches how far this machine's clock is from the database's. Says once when it is more than a second off,
 * and once when it is right again: overlaps of rotations and links by mail end by this clock, and lines of
 * different machines are put in order by it.
 */
export class ClockWatch {
  readonly #log: Pick<GateLog, "info" | "error">;
  #offMs: number | null = null;
  #aheadMs: number | null = null;

  constructor(log: Pick<GateLog, "info" | "error">) {
    this.#log = log;
  }

  /** Milliseconds that the clock was ahead when last compared; null before. */
  get aheadMs(): number | null {
    return this.#aheadMs;
  }

  /** The same when it was last surely more than a second off; null since it agrees, or was never found off. */
  get offMs(): number | null {
    return this.#offMs;
  }

  compared(reading: ClockReading): void {
    const skew = clockSkew(reading);
    this.#aheadMs = skew.aheadMs;
    const agrees = clocksAgree(skew);
    if (agrees === null) return;
    const agreed = this.#offMs === null;
    this.#offMs = agrees ? null : skew.aheadMs;
    if (agrees === agreed) return;
    const facts = { aheadMs: Math.round(skew.aheadMs), uncertainMs: Math.ceil(skew.uncertainMs) };
    if (agrees) this.#log.info(facts, "the clock agrees with the database's again");
    else this.#log.error(facts, "the clock is off the database's by more than a second: check NTP on both");
  }
}
