import { rereadMs, staleMs } from "./latchkey";
import type { Random } from "./random";
import type { GateSpec } from "./world";

/** How a gate hears of changes: a little later, later when an announcement is lost, or once it is no longer cut off. */
export class Hearing<P> {
  readonly #spec: GateSpec;
  readonly #random: Random;
  #policies: P;
  /** Changes on their way to it. */
  readonly #coming: { readonly at: number; readonly policies: P }[] = [];

  constructor(spec: GateSpec, random: Random, policies: P) {
    this.#spec = spec;
    this.#random = random;
    this.#policies = policies;
  }

  /** A change was made: the gate applies it when it hears of it. */
  announce(policies: P, at: number): void {
    const { hearsMs, loses, cuts } = this.#spec;
    const cut = cuts.find(([from, until]) => at >= from && at < until);
    const isLost = loses > 0 && this.#random.chance(loses);
    const late = isLost ? this.#random.between(hearsMs, rereadMs) : this.#random.between(0, hearsMs);
    this.#coming.push({ at: cut ? cut[1] + hearsMs : at + late, policies });
  }

  /** What the gate goes by at that moment; null: it is cut off for too long. */
  policiesAt(at: number): P | null {
    // What was read later is newer.
    const arrived = this.#coming.findLastIndex((each) => each.at <= at);
    const newest = this.#coming[arrived];
    if (newest) {
      this.#policies = newest.policies;
      this.#coming.splice(0, arrived + 1);
    }
    const { cuts, hearsMs } = this.#spec;
    return cuts.some(([from, until]) => at >= from + staleMs && at < until + hearsMs) ? null : this.#policies;
  }
}
