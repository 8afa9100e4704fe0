import type { InstancePolicy } from "@/lib/domain/gate";
import { EpochChecks, type EpochMark, EpochMarks, Hearing, sharingAccount } from "./epochs";
import {
  type CacheCounts,
  PolicyBatches,
  type PolicyCacheParts,
  PolicyReadings,
  UnknownInstances,
} from "./reader";

/** A policy in memory. */
interface HeldPolicy {
  readonly policy: InstancePolicy;
  readonly mark: EpochMark;
  /** When the reading began, in milliseconds of a monotonic clock. */
  readonly readAt: number;
  usedAt: number;
  triedAt: number;
}

/** Recency is kept this exactly, so that a busy entry is not moved at every request. */
const recencyMs = 2000;
/** Nobody has to make room before long while fewer than this share of the most are held. */
const crowded = 0.75;

/** A bounded number of policies; about the one that was not used for the longest time makes room. */
export class HeldPolicies {
  readonly #held = new Map<string, HeldPolicy>();
  readonly #marks: EpochMarks;
  readonly #most: number;
  readonly #crowd: number;

  constructor(marks: EpochMarks, most: number) {
    this.#marks = marks;
    this.#most = most;
    this.#crowd = most * crowded;
  }

  get size(): number {
    return this.#held.size;
  }

  get(instanceId: string, now: number): HeldPolicy | undefined {
    const held = this.#held.get(instanceId);
    if (held !== undefined && this.#held.size >= this.#crowd && now - held.usedAt > recencyMs) {
      held.usedAt = now;
      this.#held.delete(instanceId);
      this.#held.set(instanceId, held);
    }
    return held;
  }

  set(policy: InstancePolicy, readAt: number): void {
    const { instanceId, accountId } = policy;
    this.delete(instanceId);
    const mark = this.#marks.hold(accountId);
    const shared = sharingAccount(policy, mark, readAt);
    const { policy: slim, readAt: at } = shared;
    this.#held.set(instanceId, { policy: slim, readAt: at, mark, usedAt: readAt, triedAt: readAt });
    if (this.#held.size <= this.#most) return;
    const oldest = this.#held.keys().next().value;
    if (oldest !== undefined) this.delete(oldest);
  }

  delete(instanceId: string): void {
    const held = this.#held.get(instanceId);
    if (!held) return;
    this.#held.delete(instanceId);
    this.#marks.release(held.mark);
  }

  /** Forgets everything about accounts that do not exist any more. */
  deleteAccounts(accountIds: ReadonlySet<string>): void {
    for (const [instanceId, { mark }] of this.#held) {
      if (accountIds.has(mark.accountId)) this.delete(instanceId);
    }
  }
}

/** An entry neither read nor confirmed for this time is read again first, whatever was or was not announced. */
const rereadMs = 30_000;
/** From this age on, the epoch of an entry in use is checked beside the requests that use it. */
const checkMs = 20_000;
/** While nothing is announced, epochs of entries in use are checked this often. */
const deafCheckMs = 1000;
/** From this age on, an entry is read again beside its requests, for changes that raised no epoch. */
const oldMs = 300_000;
const againMs = 1000;

/** No policy in use was read longer ago than this while the database answers. */
export const oldestPolicyMs = oldMs + rereadMs;

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
  readonly #checks: EpochChecks;
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
    this.#checks = new EpochChecks({
      marks: this.#marks,
      readEpochs: parts.readEpochs,
      now: parts.now,
      gone: (accountIds) => this.#held.deleteAccounts(accountIds),
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
        const knownAt = upToDateAt(held);
        if (hears ? now - knownAt < rereadMs : this.#hearing.counts(knownAt, now)) {
          this.counts.hits++;
          if (now - knownAt > (hears ? checkMs : deafCheckMs)) this.#checks.want(held.mark, now);
          if (now - held.readAt > oldMs) this.#refresh(held, now);
          return held.policy;
        }
      }
    } else if (this.#unknown.has(instanceId, now, this.#hearing.hears(now) ? rereadMs : deafCheckMs)) {
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
   *
   * @returns true when everything that was committed before the call is applied
   */
  async connected(): Promise<boolean> {
    this.#marks.doubtReadings();
    this.#unknown.clear();
    const caughtUp = await this.#hearing.connected(() => this.#compareEpochs());
    if (caughtUp) this.#parts.onChange?.(null);
    return caughtUp;
  }

  async #compareEpochs(): Promise<boolean> {
    try {
      await this.#checks.all();
      return true;
    } catch {
      return false;
    }
  }

  #refresh(held: HeldPolicy, now: number): void {
    if (now - held.triedAt < againMs) return;
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
      if (held && held.policy.epoch >= held.mark.epoch && this.#hearing.counts(upToDateAt(held), now))
        return held.policy;
      this.counts.failures++;
      throw error;
    }
  }
}

/** When a held policy that is not outdated was last known to be the account's. */
function upToDateAt({ readAt, mark }: HeldPolicy): number {
  return Math.max(readAt, mark.confirmedAt);
}
