import type { InstancePolicy } from "@/lib/domain/gate";
import type { EpochMarks } from "./epoch-marks";
import type { HeldPolicies } from "./held-policies";
import type { PolicyBatches } from "./policy-batches";
import { PolicyOutdated } from "./policy-cache-parts";
import type { UnknownInstances } from "./unknown-instances";

/** What is read from, and where it is kept. */
export interface PolicyReadingsParts {
  readonly batches: PolicyBatches;
  readonly marks: EpochMarks;
  readonly held: HeldPolicies;
  readonly unknown: UnknownInstances;
  readonly now: () => number;
}

interface Flight {
  readonly sequence: number;
  readonly policy: Promise<InstancePolicy | null>;
}

const mostReadings = 5;

/** Reads policies from the database, one reading for all who ask at a time, and checks them by their epoch. */
export class PolicyReadings {
  readonly #parts: PolicyReadingsParts;
  readonly #flights = new Map<string, Flight>();

  constructor(parts: PolicyReadingsParts) {
    this.#parts = parts;
  }

  /**
   * Joins a reading that began after the last announcement, or begins one; keeps what it brings.
   *
   * @throws Error (the promise rejects) when the database cannot be read, or stays behind what it announced
   */
  read(instanceId: string): Promise<InstancePolicy | null> {
    const { sequence } = this.#parts.marks;
    const known = this.#flights.get(instanceId);
    if (known?.sequence === sequence) return known.policy;
    const flight: Flight = { sequence, policy: this.#readNew(instanceId) };
    this.#flights.set(instanceId, flight);
    const land = () => {
      if (this.#flights.get(instanceId) === flight) this.#flights.delete(instanceId);
    };
    flight.policy.then(land, land);
    return flight.policy;
  }

  async #readNew(instanceId: string): Promise<InstancePolicy | null> {
    for (let reading = 0; reading < mostReadings; reading++) {
      const readAt = this.#parts.now();
      const { sequence } = this.#parts.marks;
      const policy = await this.#parts.batches.read(instanceId);
      const doubted = sequence < this.#parts.marks.floor;
      if (policy === null) {
        if (!doubted) this.#parts.held.delete(instanceId);
        if (sequence === this.#parts.marks.sequence) this.#parts.unknown.add(instanceId, readAt);
        return null;
      }
      if (this.#parts.marks.isOutdated(policy.accountId, policy.epoch)) continue;
      // A change may have been missed while it was read.
      if (doubted) continue;
      this.#parts.marks.note(policy.accountId, policy.epoch);
      this.#parts.held.set(policy, readAt);
      return policy;
    }
    throw new PolicyOutdated();
  }
}
