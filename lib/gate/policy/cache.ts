import type { InstancePolicy } from "@/lib/domain/gate";
import { NegativeCache, PolicyEntries, type PolicyEntry } from "./entries";
import { AccountEpochs, type EpochsReader } from "./epochs";
import { type ManyPoliciesReader, PolicyReader } from "./reader";

const catchUpAgainMs = 500;

/** Whether announcements arrive, and since when held policies could have changed unheard. */
class Subscription {
  readonly #now: () => number;
  readonly #maxStalenessMs: number;
  /** Counts connections and losses, so that work for an earlier one is noticed. */
  #connection = 0;
  #listening = false;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, maxStalenessMs: number) {
    this.#now = now;
    this.#maxStalenessMs = maxStalenessMs;
  }

  /** The connection that announces has answered: all that was announced before it was asked has arrived. */
  heard(): void {
    if (this.#listening) this.#heardAt = this.#now();
  }

  lost(): void {
    this.#connection++;
    this.#listening = false;
  }

  /**
   * There is a connection again. It counts from this call on, once `catchUp` has found what was missed; that
   * is tried until it is true.
   *
   * @returns false when the connection was lost again meanwhile
   */
  async connected(catchUp: () => Promise<boolean>): Promise<boolean> {
    const connection = ++this.#connection;
    const since = this.#now();
    while (!(await catchUp())) {
      await new Promise((resolve) => setTimeout(resolve, catchUpAgainMs));
      if (this.#connection !== connection) return false;
    }
    if (this.#connection !== connection) return false;
    this.#heardAt = since;
    this.#listening = true;
    return true;
  }

  /** True while announcements arrive; a connection that is silent for too long does not count. */
  hears(now: number): boolean {
    return this.#listening && now - this.#heardAt < this.#maxStalenessMs;
  }

  /** Whether what was known at that time still counts though it may have changed unheard. */
  counts(knownAt: number, now: number): boolean {
    return now - Math.max(knownAt, this.#heardAt) < this.#maxStalenessMs;
  }

  /** Milliseconds since everything was surely heard; 0 while it is. */
  staleness(): number {
    const now = this.#now();
    return this.hears(now) ? 0 : now - this.#heardAt;
  }
}

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

/** Reads policies that will probably be asked for, and gives them to `take` as they arrive, until `signal` ends it. */
type PoliciesAhead = (
  most: number,
  take: (policies: readonly InstancePolicy[]) => void,
  signal: AbortSignal,
) => Promise<void>;

/** How look-ups ended, counted since the start. */
interface CacheCounts {
  hits: number;
  misses: number;
  /** Of the hits, those that say that there is no such instance. */
  unknown: number;
  failures: number;
}

/** An entry neither read nor confirmed for this time is read again first, whatever was or was not announced. */
const rereadMs = 30_000;
/** From this age on, the epoch of an entry in use is checked beside the requests that use it. */
const checkMs = 20_000;
/** While nothing is announced, epochs of entries in use are checked this often. */
const deafCheckMs = 1000;
/** From this age on, an entry is read again beside its requests, for changes that raised no epoch. */
const oldMs = 300_000;
const refreshAgainMs = 1000;

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
  readonly #subscription: Subscription;
  readonly #epochs: AccountEpochs;
  readonly #entries: PolicyEntries;
  readonly #unknown = new NegativeCache();
  readonly #reader: PolicyReader;
  /** Until then nothing is read again beside its requests, because the last try failed. */
  #noRefreshBefore = 0;

  constructor(parts: PolicyCacheParts) {
    const { readMany, readEpochs, now, maxStalenessMs, mostInstances } = parts;
    this.#parts = parts;
    this.#subscription = new Subscription(now, maxStalenessMs);
    const onGone = (accountIds: ReadonlySet<string>) => this.#entries.deleteAccounts(accountIds);
    this.#epochs = new AccountEpochs({ readEpochs, now, onGone });
    this.#entries = new PolicyEntries(this.#epochs, mostInstances);
    const kept = { epochs: this.#epochs, entries: this.#entries, unknown: this.#unknown };
    this.#reader = new PolicyReader({ readMany, now, ...kept });
  }

  get size(): number {
    return this.#entries.size;
  }

  get unknownSize(): number {
    return this.#unknown.size;
  }

  /** Milliseconds since held policies were surely up to date; 0 while they are. */
  staleness(): number {
    return this.#subscription.staleness();
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
  read(key: string): InstancePolicy | null | Promise<InstancePolicy | null> {
    const now = this.#parts.now();
    const entry = this.#entries.get(key, now);
    const hears = this.#subscription.hears(now);
    if (entry !== undefined) {
      if (!entry.account.outdated) {
        const knownAt = entry.upToDateAt;
        const age = now - knownAt;
        if (hears ? age < rereadMs : this.#subscription.counts(knownAt, now)) {
          this.counts.hits++;
          if (age > (hears ? checkMs : deafCheckMs)) this.#epochs.compareSoon(entry.account, now);
          if (now - entry.readAt > oldMs) this.#refresh(entry, now);
          return entry;
        }
      }
    } else if (this.#unknown.has(key, now, hears ? rereadMs : deafCheckMs)) {
      this.counts.hits++;
      this.counts.unknown++;
      return null;
    }
    return this.#miss(key);
  }

  /**
   * Reads policies into memory before anybody asks for them; as many as there is room for. Call it while
   * announcements arrive. Returns when that is done, or after `withinMs` at the latest. Never rejects: what could
   * not be read is read when it is asked for.
   */
  async warmUp(readAhead: PoliciesAhead, withinMs: number): Promise<void> {
    const over = new AbortController();
    const timer = setTimeout(() => over.abort(), withinMs);
    const timeout = new Promise<void>((resolve) => over.signal.addEventListener("abort", () => resolve()));
    const { mostInstances } = this.#parts;
    const reading = this.#reader.readAhead((take) => readAhead(mostInstances, take, over.signal));
    await Promise.race([reading.catch(() => {}), timeout]);
    clearTimeout(timer);
  }

  /** An account's epoch was raised. */
  announced(accountId: string, epoch: bigint): void {
    // It may have been under way for long, with others behind it, so it does not say that everything was heard.
    this.#epochs.announce(accountId, epoch);
    // It may have made an instance that was unknown until now.
    this.#unknown.clear();
    this.#parts.onChange?.(accountId);
  }

  /** The database answered on the connection that announces. */
  alive(): void {
    this.#subscription.heard();
  }

  /** Announcements may be missed from now on. */
  lost(): void {
    this.#subscription.lost();
    this.#epochs.doubtReadings();
  }

  /**
   * Announcements arrive from now on. What was missed before is found by comparing epochs; only after that
   * held policies count as surely up to date again. Fulfilled when that is done, or overtaken by `lost`.
   *
   * @returns true when everything that was committed before the call is applied
   */
  async connected(): Promise<boolean> {
    this.#epochs.doubtReadings();
    this.#unknown.clear();
    const caughtUp = await this.#subscription.connected(() => this.#compareEpochs());
    if (caughtUp) this.#parts.onChange?.(null);
    return caughtUp;
  }

  async #compareEpochs(): Promise<boolean> {
    try {
      await this.#epochs.compareAll();
      return true;
    } catch {
      return false;
    }
  }

  #refresh({ key }: PolicyEntry, now: number): void {
    if (now < this.#noRefreshBefore) return;
    this.#reader.read(key).catch(() => {
      this.#noRefreshBefore = this.#parts.now() + refreshAgainMs;
    });
  }

  async #miss(key: string): Promise<InstancePolicy | null> {
    this.counts.misses++;
    try {
      return await this.#reader.read(key);
    } catch (error) {
      const now = this.#parts.now();
      const entry = this.#entries.get(key, now);
      if (entry && !entry.account.outdated && this.#subscription.counts(entry.upToDateAt, now)) return entry;
      this.counts.failures++;
      throw error;
    }
  }
}
