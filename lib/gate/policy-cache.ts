import type { InstancePolicy } from "@/lib/domain/gate";
import { compareEpochs } from "./compare-epochs";
import { EpochMarks } from "./epoch-marks";
import { Hearing } from "./hearing";
import { HeldPolicies, type HeldPolicy } from "./held-policies";
import { PolicyBatches } from "./policy-batches";
import type { CacheCounts, PolicyCacheParts } from "./policy-cache-parts";
import { PolicyReadings } from "./policy-readings";
import { UnknownInstances } from "./unknown-instances";

/** Every entry is read again after this time, whatever was or was not announced. */
const rereadMs = 30_000;
/** From this age on, an entry in use is read again beside the requests that use it. */
const refreshMs = 20_000;
/** While nothing is announced, entries in use are read again this often. */
const deafRefreshMs = 1000;

/**
 * Policies in memory, filled on demand and outdated by announcements. Guarantees that no policy is served
 * that is older than an epoch announced for its account, and none that could have changed unheard more
 * than `maxStalenessMs` ago.
 */
export class PolicyCache {
  readonly counts: CacheCounts = { hits: 0, misses: 0, unknown: 0, failures: 0 };
  readonly #parts: PolicyCacheParts;
  readonly #marks = new EpochMarks();
  readonly #held: HeldPolicies;
  readonly #unknown = new UnknownInstances();
  readonly #readings: PolicyReadings;
  readonly #hearing: Hearing;

  constructor(parts: PolicyCacheParts) {
    this.#parts = parts;
    this.#hearing = new Hearing(parts.now, parts.maxStalenessMs);
    this.#held = new HeldPolicies(this.#marks, parts.mostInstances);
    this.#readings = new PolicyReadings({
      batches: new PolicyBatches(parts.readMany),
      marks: this.#marks,
      held: this.#held,
      unknown: this.#unknown,
      now: parts.now,
    });
  }

  get size(): number {
    return this.#held.size;
  }

  get unknownSize(): number {
    return this.#unknown.size;
  }

  /** Milliseconds since held policies were surely up to date; 0 while they are. */
  staleness(): number {
    return this.#hearing.staleness();
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
        const hears = this.#hearing.hears(now);
        const age = now - held.readAt;
        if (hears ? age < rereadMs : this.#hearing.counts(held.readAt, now)) {
          this.counts.hits++;
          if (age > (hears ? refreshMs : deafRefreshMs)) this.#refresh(held, now);
          return held.policy;
        }
      }
    } else if (this.#unknown.has(instanceId, now, this.#hearing.hears(now) ? rereadMs : deafRefreshMs)) {
      this.counts.hits++;
      this.counts.unknown++;
      return null;
    }
    return this.#miss(instanceId);
  }

  /** An account's epoch was raised. */
  announced(accountId: string, epoch: bigint): void {
    this.#hearing.heard();
    this.#marks.announce(accountId, epoch);
    // It may have made an instance that was unknown until now.
    this.#unknown.clear();
    this.#parts.onChange?.(accountId);
  }

  /** The database answered on the connection that announces. */
  alive(): void {
    this.#hearing.heard();
  }

  /** Announcements may be missed from now on. */
  lost(): void {
    this.#hearing.lost();
    this.#marks.doubtReadings();
  }

  /**
   * Announcements arrive from now on. What was missed before is found by comparing epochs; only after that
   * held policies count as surely up to date again. Fulfilled when that is done, or overtaken by `lost`.
   */
  async connected(): Promise<void> {
    this.#marks.doubtReadings();
    this.#unknown.clear();
    if (await this.#hearing.connected(() => this.#compareEpochs())) this.#parts.onChange?.(null);
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

  #refresh(held: HeldPolicy, now: number): void {
    if (now - held.triedAt < deafRefreshMs) return;
    held.triedAt = now;
    this.#readings.read(held.policy.instanceId).catch(() => {});
  }

  async #miss(instanceId: string): Promise<InstancePolicy | null> {
    this.counts.misses++;
    try {
      return await this.#readings.read(instanceId);
    } catch (error) {
      const now = this.#parts.now();
      const held = this.#held.get(instanceId, now);
      if (held && held.policy.epoch >= held.mark.epoch && this.#hearing.counts(held.readAt, now))
        return held.policy;
      this.counts.failures++;
      throw error;
    }
  }
}
