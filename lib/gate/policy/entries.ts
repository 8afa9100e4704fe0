import type { InstancePolicy } from "@/lib/domain/gate";
import type { AccountAtEpoch, AccountEpochs } from "./epochs";

/**
 * A policy in memory, and since when. Only what an instance has of its own is held for each; a hundred thousand of
 * them share what is the account's. What it says never changes, so that decisions made by it can be remembered.
 */
export class PolicyEntry implements InstancePolicy {
  readonly key: string;
  readonly instanceId: string;
  readonly tokenDigest: string;
  readonly paused: boolean;
  readonly enforced: boolean;
  readonly known: InstancePolicy["known"];
  readonly endpoints: string | null;
  readonly upstreamUrl: string | null;
  readonly headersSealed: string | null;
  readonly firstByteSeconds: number | null;
  readonly serviceId: string | null;
  readonly serviceHeadersSealed: string | null;
  readonly answerStyle: InstancePolicy["answerStyle"];
  readonly account: AccountAtEpoch;
  readonly #part: AccountAtEpoch["part"];
  /** When the reading of the older of both parts began, in milliseconds of a monotonic clock. */
  readonly readAt: number;
  usedAt: number;

  constructor(policy: InstancePolicy, account: AccountAtEpoch, readAt: number) {
    this.instanceId = policy.instanceId;
    this.key = policy.key === policy.instanceId ? this.instanceId : policy.key;
    this.tokenDigest = policy.tokenDigest;
    this.paused = policy.paused;
    this.enforced = policy.enforced;
    this.known = policy.known;
    // The same text, in memory once.
    const { part } = account;
    this.endpoints = policy.endpoints === part.endpoints ? part.endpoints : policy.endpoints;
    this.upstreamUrl = policy.upstreamUrl === part.upstreamUrl ? part.upstreamUrl : policy.upstreamUrl;
    this.serviceId = policy.serviceId === part.serviceId ? part.serviceId : policy.serviceId;
    const { serviceHeadersSealed: sealed } = policy;
    this.serviceHeadersSealed = sealed === part.serviceHeadersSealed ? part.serviceHeadersSealed : sealed;
    this.answerStyle = policy.answerStyle;
    this.headersSealed = policy.headersSealed;
    this.firstByteSeconds = policy.firstByteSeconds;
    this.account = account;
    this.#part = account.part;
    this.readAt = Math.min(readAt, account.part.readAt);
    this.usedAt = readAt;
  }

  get accountId() {
    return this.account.accountId;
  }

  get epoch() {
    return this.account.epoch;
  }

  get enforcement() {
    return this.#part.enforcement;
  }

  get graceUntil() {
    return this.#part.graceUntil;
  }

  get addressMode() {
    return this.#part.addressMode;
  }

  get addresses() {
    return this.#part.addresses;
  }

  get tokens() {
    return this.#part.tokens;
  }

  /** When an entry that is not outdated was last known to be as the database has it. */
  get upToDateAt(): number {
    return Math.max(this.readAt, this.account.confirmedAt);
  }
}

/** Recency is kept this exactly, so that a busy entry is not moved at every request. */
const recencyMs = 2000;
/** Nobody has to make room before long while fewer than this share of the most are held. */
const crowded = 0.75;

/** A bounded number of policies; about the one that was not used for the longest time makes room. */
export class PolicyEntries {
  readonly #entries = new Map<string, PolicyEntry>();
  readonly #epochs: AccountEpochs;
  readonly #most: number;
  readonly #crowd: number;

  constructor(epochs: AccountEpochs, most: number) {
    this.#epochs = epochs;
    this.#most = most;
    this.#crowd = most * crowded;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string, now: number): PolicyEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined && this.#entries.size >= this.#crowd && now - entry.usedAt > recencyMs) {
      entry.usedAt = now;
      this.#entries.delete(key);
      this.#entries.set(key, entry);
    }
    return entry;
  }

  /**
   * Keeps a policy that was read, unless one is held that is as good and was read later.
   *
   * @returns the one held; null, and nothing is kept, when a newer epoch of its account is known
   */
  set(policy: InstancePolicy, readAt: number): PolicyEntry | null {
    const { key } = policy;
    const held = this.#entries.get(key);
    if (held !== undefined && !held.account.outdated && held.epoch >= policy.epoch && held.readAt >= readAt)
      return held;
    const account = this.#epochs.hold(policy, readAt);
    if (account === null) return null;
    if (held !== undefined) this.delete(key);
    const entry = new PolicyEntry(policy, account, readAt);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.#most) {
      const oldest = this.#entries.keys().next().value;
      if (oldest !== undefined) this.delete(oldest);
    }
    return entry;
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#epochs.release(entry.account);
  }

  /** Forgets everything about accounts that do not exist any more. */
  deleteAccounts(accountIds: ReadonlySet<string>): void {
    for (const { key, accountId } of this.#entries.values()) if (accountIds.has(accountId)) this.delete(key);
  }
}

const mostUnknown = 50_000;

/** Ids of which the database said that there is no such instance; a bounded number of them. */
export class NegativeCache {
  /** When the reading began, by id; the oldest first. */
  readonly #readAt = new Map<string, number>();

  get size(): number {
    return this.#readAt.size;
  }

  /** True when that was said less than `forMs` ago. */
  has(key: string, now: number, forMs: number): boolean {
    const readAt = this.#readAt.get(key);
    return readAt !== undefined && now - readAt < forMs;
  }

  add(key: string, readAt: number): void {
    this.#readAt.delete(key);
    this.#readAt.set(key, readAt);
    if (this.#readAt.size <= mostUnknown) return;
    const oldest = this.#readAt.keys().next().value;
    if (oldest !== undefined) this.#readAt.delete(oldest);
  }

  clear(): void {
    if (this.#readAt.size > 0) this.#readAt.clear();
  }
}
