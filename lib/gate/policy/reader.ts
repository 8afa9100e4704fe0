import type { PoliciesRead } from "@/lib/db/policy";
import type { InstancePolicy } from "@/lib/domain/gate";
import type { NegativeCache, PolicyEntries } from "./entries";
import type { AccountEpochs } from "./epochs";

/** Reads the policies of many instances in one round trip. */
export type ManyPoliciesReader = (keys: readonly string[]) => Promise<PoliciesRead>;

/** No policy could be read that is as new as what was announced. */
class PolicyOutdated extends Error {
  override name = "PolicyOutdated";
  readonly code = "POLICY_OUTDATED";
}

/** More look-ups are waiting than the database could answer in reasonable time. */
class TooManyLookUps extends Error {
  override name = "TooManyLookUps";
  readonly code = "TOO_MANY_LOOK_UPS";
}

interface Waiting {
  readonly key: string;
  readonly resolve: (policy: InstancePolicy | null) => void;
  readonly reject: (error: unknown) => void;
}

const statementsAtOnce = 4;
const mostPerStatement = 200;
const mostWaiting = 20_000;

/**
 * Gathers single look-ups into few statements: what is asked while all statements are under way goes
 * with the next one. One look-up at a time costs one statement each and waits for nothing.
 */
class BatchedReader {
  readonly #readMany: ManyPoliciesReader;
  #waiting: Waiting[] = [];
  #underWay = 0;

  constructor(readMany: ManyPoliciesReader) {
    this.#readMany = readMany;
  }

  /** Reads one policy; null when there is no such instance. The statement starts after this call. */
  read(key: string): Promise<InstancePolicy | null> {
    if (this.#waiting.length >= mostWaiting) return Promise.reject(new TooManyLookUps());
    const policy = new Promise<InstancePolicy | null>((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
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
      const { policies, unusable } = await this.#readMany(batch.map(({ key }) => key));
      for (const { key, resolve, reject } of batch) {
        if (unusable.has(key)) reject(unusable.get(key));
        else resolve(policies.get(key) ?? null);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

interface PolicyReaderParts {
  readonly readMany: ManyPoliciesReader;
  readonly epochs: AccountEpochs;
  readonly entries: PolicyEntries;
  readonly unknown: NegativeCache;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** A reading under way, and what had been announced when it began. */
interface Flight {
  readonly sequence: number;
  readonly policy: Promise<InstancePolicy | null>;
}

const mostReadings = 5;

/**
 * Reads policies from the database into memory. Whatever is read is kept only when its epoch is not older than
 * any announced, and when no announcement may have been missed since the reading began.
 */
export class PolicyReader {
  readonly #parts: PolicyReaderParts;
  readonly #batches: BatchedReader;
  readonly #flights = new Map<string, Flight>();

  constructor(parts: PolicyReaderParts) {
    this.#parts = parts;
    this.#batches = new BatchedReader(parts.readMany);
  }

  /**
   * Reads one policy, with one reading for all who ask at a time: joins one that began after the last
   * announcement, or begins one.
   *
   * @returns null when there is no such instance
   * @throws Error (the promise rejects) when the database cannot be read, or stays behind what it announced
   */
  read(key: string): Promise<InstancePolicy | null> {
    const { sequence } = this.#parts.epochs;
    const known = this.#flights.get(key);
    if (known?.sequence === sequence) return known.policy;
    const flight: Flight = { sequence, policy: this.#readNew(key) };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.policy.then(land, land);
    return flight.policy;
  }

  /**
   * Takes in policies that nobody waits for. What proves outdated is left to those who ask for it.
   *
   * @throws Error when the database cannot be read
   */
  async readAhead(
    readAll: (take: (policies: readonly InstancePolicy[]) => void) => Promise<void>,
  ): Promise<void> {
    const { epochs, entries, now } = this.#parts;
    const readAt = now();
    const { sequence } = epochs;
    await readAll((policies) => {
      for (const policy of policies) if (!epochs.doubts(sequence)) entries.set(policy, readAt);
    });
  }

  async #readNew(key: string): Promise<InstancePolicy | null> {
    const { epochs, entries, unknown, now } = this.#parts;
    for (let reading = 0; reading < mostReadings; reading++) {
      const readAt = now();
      const { sequence } = epochs;
      const policy = await this.#batches.read(key);
      const doubted = epochs.doubts(sequence);
      if (policy === null) {
        if (!doubted) entries.delete(key);
        if (sequence === epochs.sequence) unknown.add(key, readAt);
        return null;
      }
      // A change may have been missed while it was read.
      if (doubted) continue;
      const entry = entries.set(policy, readAt);
      if (entry !== null) return entry;
    }
    throw new PolicyOutdated();
  }
}
