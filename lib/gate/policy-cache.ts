import type { InstancePolicy } from "@/lib/domain/gate";
import { compareEpochs } from "./compare-epochs";
import { EpochMarks } from "./epoch-marks";
import { HeldPolicies, type HeldPolicy } from "./held-policies";
import { PolicyBatches } from "./policy-batches";
import { type CacheCounts, type PolicyCacheParts, PolicyOutdated } from "./policy-cache-parts";
import { UnknownInstances } from "./unknown-instances";

/** Every entry is read again after this time, whatever was or was not announced. */
const rereadMs = 30_000;
/** From this age on, an entry in use is read again beside the requests that use it. */
const refreshMs = 20_000;
/** While nothing is announced, entries in use are read again this often. */
const deafRefreshMs = 1000;
const mostReadings = 5;
const compareAgainMs = 500;

interface Flight {
  readonly sequence: number;
  readonly policy: Promise<InstancePolicy | null>;
}

/**
 * Policies in memory, filled on demand and outdated by announcements. Guarantees that no policy is served
 * that is older than an epoch announced for its account, and none that could have changed unheard more
 * than `maxStalenessMs` ago.
 */
export class PolicyCache {
  readonly counts: CacheCounts = { hits: 0, misses: 0, unknown: 0, failures: 0 };
  readonly #parts: PolicyCacheParts;
  readonly #batches: PolicyBatches;
  readonly #marks = new EpochMarks();
  readonly #held: HeldPolicies;
  readonly #unknown: UnknownInstances;
  readonly #flights = new Map<string, Flight>();
  /** Counts connections and losses, so that work for an earlier one is noticed. */
  #connection = 0;
  #listening = false;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(parts: PolicyCacheParts) {
    this.#parts = parts;
    this.#batches = new PolicyBatches(parts.readMany);
    this.#held = new HeldPolicies(this.#marks, parts.mostInstances);
    this.#unknown = new UnknownInstances();
  }

  get size(): number {
    return this.#held.size;
  }

  get unknownSize(): number {
    return this.#unknown.size;
  }

  /** Milliseconds since the database was last surely heard; 0 while it is. */
  staleness(): number {
    return this.#hears(this.#parts.now()) ? 0 : this.#parts.now() - this.#heardAt;
  }

  /** True while held policies may be served. */
  get ready(): boolean {
    return this.staleness() < this.#parts.maxStalenessMs;
  }

  /**
   * The policy of an instance: at once when a held one will do; null when there is no such instance.
   *
   * @throws Error (the promise rejects) when it cannot be read
   */
  read(instanceId: string): InstancePolicy | null | Promise<InstancePolicy | null> {
    const now = this.#parts.now();
    const held = this.#held.get(instanceId, now);
    if (held !== undefined) {
      if (held.policy.epoch >= held.mark.epoch) {
        const hears = this.#hears(now);
        const age = now - held.readAt;
        if (hears ? age < rereadMs : this.#mayServe(held, now)) {
          this.counts.hits++;
          if (age > (hears ? refreshMs : deafRefreshMs)) this.#refresh(held, now);
          return held.policy;
        }
      }
    } else if (this.#unknown.has(instanceId, now, this.#hears(now) ? rereadMs : deafRefreshMs)) {
      this.counts.hits++;
      this.counts.unknown++;
      return null;
    }
    return this.#miss(instanceId);
  }

  /** An account's epoch was raised. */
  announced(accountId: string, epoch: bigint): void {
    if (this.#listening) this.#heardAt = this.#parts.now();
    this.#marks.announce(accountId, epoch);
    // It may have made an instance that was unknown until now.
    this.#unknown.clear();
    this.#parts.onChange?.(accountId);
  }

  /** The database answered on the connection that announces. */
  alive(): void {
    if (this.#listening) this.#heardAt = this.#parts.now();
  }

  /** Announcements may be missed from now on. */
  lost(): void {
    this.#connection++;
    this.#listening = false;
    this.#marks.doubtReadings();
  }

  /**
   * Announcements arrive from now on. What was missed before is found by comparing epochs; only after that
   * held policies count as surely up to date again. Fulfilled when that is done, or overtaken by `lost`.
   */
  async connected(): Promise<void> {
    const connection = ++this.#connection;
    const since = this.#parts.now();
    this.#marks.doubtReadings();
    this.#unknown.clear();
    while (!(await this.#compareEpochs())) {
      await new Promise((resolve) => setTimeout(resolve, compareAgainMs));
      if (this.#connection !== connection) return;
    }
    if (this.#connection !== connection) return;
    this.#heardAt = since;
    this.#listening = true;
    this.#parts.onChange?.(null);
  }

  async #compareEpochs(): Promise<boolean> {
    try {
      const gone = await compareEpochs(this.#marks, this.#parts.readEpochs);
      this.#held.deleteAccounts(gone);
      return true;
    } catch {
      return false;
    }
  }

  #hears(now: number): boolean {
    return this.#listening && now - this.#heardAt < this.#parts.maxStalenessMs;
  }

  /** Whether a policy that may have changed unheard still counts. */
  #mayServe(held: HeldPolicy, now: number): boolean {
    return now - Math.max(held.readAt, this.#heardAt) < this.#parts.maxStalenessMs;
  }

  #refresh(held: HeldPolicy, now: number): void {
    if (now - held.triedAt < deafRefreshMs) return;
    held.triedAt = now;
    this.#fly(held.policy.instanceId).catch(() => {});
  }

  async #miss(instanceId: string): Promise<InstancePolicy | null> {
    this.counts.misses++;
    try {
      return await this.#fly(instanceId);
    } catch (error) {
      const now = this.#parts.now();
      const held = this.#held.get(instanceId, now);
      if (held && held.policy.epoch >= held.mark.epoch && this.#mayServe(held, now)) return held.policy;
      this.counts.failures++;
      throw error;
    }
  }

  /** Joins a reading that began after the last announcement, or begins one. */
  #fly(instanceId: string): Promise<InstancePolicy | null> {
    const { sequence } = this.#marks;
    const known = this.#flights.get(instanceId);
    if (known?.sequence === sequence) return known.policy;
    const flight: Flight = { sequence, policy: this.#fill(instanceId) };
    this.#flights.set(instanceId, flight);
    const land = () => {
      if (this.#flights.get(instanceId) === flight) this.#flights.delete(instanceId);
    };
    flight.policy.then(land, land);
    return flight.policy;
  }

  async #fill(instanceId: string): Promise<InstancePolicy | null> {
    for (let reading = 0; reading < mostReadings; reading++) {
      const readAt = this.#parts.now();
      const { sequence } = this.#marks;
      const policy = await this.#batches.read(instanceId);
      const doubted = sequence < this.#marks.floor;
      if (policy === null) {
        if (!doubted) this.#held.delete(instanceId);
        if (sequence === this.#marks.sequence) this.#unknown.add(instanceId, readAt);
        return null;
      }
      if (this.#marks.isOutdated(policy.accountId, policy.epoch)) continue;
      // A change may have been missed while it was read.
      if (doubted) continue;
      this.#marks.note(policy.accountId, policy.epoch);
      this.#held.set(policy, readAt);
      return policy;
    }
    throw new PolicyOutdated();
  }
}
