import type { PolicyReading } from "@/lib/db/policy";
import type { InstancePolicy } from "@/lib/domain/gate";
import type { HeldPolicies } from "./cache";
import type { EpochMarks, EpochsReader } from "./epochs";

/** What the cache stands on. */
export interface PolicyCacheParts {
  readonly readMany: ManyPoliciesReader;
  readonly readEpochs: EpochsReader;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** How long held policies count after the last moment at which they were surely up to date. */
  readonly maxStalenessMs: number;
  readonly mostInstances: number;
  /** Told that decisions about an account may have changed; null: about any. */
  readonly onChange?: (accountId: string | null) => void;
}

/** How look-ups ended, counted since the start. */
export interface CacheCounts {
  hits: number;
  misses: number;
  /** Of the hits, those that say that there is no such instance. */
  unknown: number;
  failures: number;
}

/** No policy could be read that is as new as what was announced. */
export class PolicyOutdated extends Error {
  override name = "PolicyOutdated";
  readonly code = "POLICY_OUTDATED";
}

/** Reads the policies of many instances in one round trip. */
type ManyPoliciesReader = (instanceIds: readonly string[]) => Promise<ReadonlyMap<string, PolicyReading>>;

interface Waiting {
  readonly instanceId: string;
  readonly resolve: (policy: InstancePolicy | null) => void;
  readonly reject: (error: unknown) => void;
}

/** More look-ups are waiting than the database could answer in reasonable time. */
class TooManyLookUps extends Error {
  override name = "TooManyLookUps";
  readonly code = "TOO_MANY_LOOK_UPS";
}

const statementsAtOnce = 4;
const mostPerStatement = 200;
const mostWaiting = 20_000;

/**
 * Gathers single look-ups into few statements: what is asked while all statements are under way goes
 * with the next one. One look-up at a time costs one statement each and waits for nothing.
 */
export class PolicyBatches {
  readonly #readMany: ManyPoliciesReader;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(readMany: ManyPoliciesReader) {
    this.#readMany = readMany;
  }

  /** Reads one policy; null when there is no such instance. The statement starts after this call. */
  read(instanceId: string): Promise<InstancePolicy | null> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(new TooManyLookUps());
    const policy = new Promise<InstancePolicy | null>((resolve, reject) => {
      this.#waiting.push({ instanceId, resolve, reject });
    });
    this.#next();
    return policy;
  }

  #next(): void {
    if (this.#underWay >= statementsAtOnce || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, mostPerStatement);
    this.#underWay++;
    void this.#run(batch).finally(() => {
      this.#underWay--;
      this.#next();
    });
  }

  async #run(batch: readonly Waiting[]): Promise<void> {
    try {
      const found = await this.#readMany(batch.map(({ instanceId }) => instanceId));
      for (const { instanceId, resolve, reject } of batch) {
        try {
          resolve(found.get(instanceId)?.() ?? null);
        } catch (error) {
          reject(error);
        }
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

const mostHeld = 50_000;

/** Ids of which the database said that there is no such instance; a bounded number of them. */
export class UnknownInstances {
  /** When the reading began, by id; the oldest first. */
  readonly #readAt = new Map<string, number>();

  get size(): number {
    return this.#readAt.size;
  }

  /** True when that was said less than `forMs` ago. */
  has(instanceId: string, now: number, forMs: number): boolean {
    const readAt = this.#readAt.get(instanceId);
    return readAt !== undefined && now - readAt < forMs;
  }

  add(instanceId: string, readAt: number): void {
    this.#readAt.delete(instanceId);
    this.#readAt.set(instanceId, readAt);
    if (this.#readAt.size <= mostHeld) return;
    const oldest = this.#readAt.keys().next().value;
    if (oldest !== undefined) this.#readAt.delete(oldest);
  }

  clear(): void {
    if (this.#readAt.size > 0) this.#readAt.clear();
  }
}

/** What is read from, and where it is kept. */
interface PolicyReadingsParts {
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
