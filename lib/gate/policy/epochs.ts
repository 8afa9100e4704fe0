import type { InstancePolicy } from "@/lib/domain/gate";

/**
 * What the policies of all instances of an account have in common, as it was read; it never changes. Upstream, service and
 * endpoint rules are those that most of them have.
 */
interface AccountPart
  extends Pick<
    InstancePolicy,
    | "enforcement"
    | "graceUntil"
    | "addressMode"
    | "addresses"
    | "tokens"
    | "endpoints"
    | "upstreamUrl"
    | "serviceId"
    | "serviceHeadersSealed"
  > {
  /** When the reading began, in milliseconds of a monotonic clock. */
  readonly readAt: number;
}

const never = Number.NEGATIVE_INFINITY;

/** Of an account of which no policy is in memory. Nobody is given it, and it would let nobody in. */
const nothingRead: AccountPart = {
  enforcement: "on",
  graceUntil: null,
  addressMode: "enforce",
  addresses: { includes: () => false },
  tokens: [],
  endpoints: null,
  upstreamUrl: null,
  serviceId: null,
  serviceHeadersSealed: null,
  readAt: never,
};

/** A part read this much earlier is as good; what shares it counts as read when its part was. */
const sharedForMs = 5000;

/** An account at one epoch, shared by all of its policies in memory that were read at that epoch. */
export interface AccountAtEpoch {
  readonly accountId: string;
  readonly epoch: bigint;
  /** A newer epoch is known: what was read at this one must not be served any more. */
  outdated: boolean;
  /** The last moment, on a monotonic clock in milliseconds, at which the database was seen to have this epoch. */
  confirmedAt: number;
  /** When that was last asked for. */
  askedAt: number;
  /** How many policies share this. */
  holders: number;
  /** What policies that are read now share. */
  part: AccountPart;
}

/** Reads the epochs of some accounts; one entry for each that exists. */
export type EpochsReader = (accountIds: readonly string[]) => Promise<ReadonlyMap<string, bigint>>;

interface AccountEpochsParts {
  readonly readEpochs: EpochsReader;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Told which accounts do not exist any more, of those that policies are held of. */
  readonly onGone: (accountIds: ReadonlySet<string>) => void;
}

const mostUnused = 10_000;
const accountsPerStatement = 1000;
/** An account whose comparison failed, or is under way, is asked for again after this time. */
const againMs = 1000;

/**
 * The newest epoch known of each account. A newer one outdates all policies of the account at once, however
 * many there are, because they share what it marks.
 *
 * Epochs are also compared with the database's now and then, for announcements that never arrived. Where one is
 * still the same, everything held of the account is as good as read at that moment, because every change of a
 * decision raises it: thousands of instances are confirmed by one row.
 */
export class AccountEpochs {
  readonly #parts: AccountEpochsParts;
  /** Each account at its newest epoch. */
  readonly #newest = new Map<string, AccountAtEpoch>();
  /** How many of them no policy shares. */
  #unused = 0;
  readonly #toCompare = new Set<string>();
  #comparing: Promise<void> | null = null;
  /** Counts what may have made an answer of the database old: announcements, and times of not hearing. */
  sequence = 0;
  #floor = 0;

  constructor(parts: AccountEpochsParts) {
    this.#parts = parts;
  }

  /** Notes an epoch that was announced. */
  announce(accountId: string, epoch: bigint): void {
    this.sequence++;
    this.#note(accountId, epoch);
  }

  /** From now on, readings that have begun already prove nothing: a change may have been missed meanwhile. */
  doubtReadings(): void {
    this.#floor = ++this.sequence;
  }

  /** True when a reading that began at that count has to be repeated. */
  doubts(sequence: number): boolean {
    return sequence < this.#floor;
  }

  /**
   * Shares the account of a policy that was just read with one more policy.
   *
   * @returns null when a newer epoch is known: the policy is outdated
   */
  hold(policy: InstancePolicy, readAt: number): AccountAtEpoch | null {
    const account = this.#note(policy.accountId, policy.epoch);
    if (account.epoch !== policy.epoch) return null;
    if (readAt - account.part.readAt > sharedForMs) {
      const { enforcement, graceUntil, addressMode, addresses, tokens } = policy;
      const { endpoints, upstreamUrl, serviceId, serviceHeadersSealed } = policy;
      account.part = {
        enforcement,
        graceUntil,
        addressMode,
        addresses,
        tokens,
        endpoints,
        upstreamUrl,
        serviceId,
        serviceHeadersSealed,
        readAt,
      };
    }
    if (account.holders++ === 0) this.#unused--;
    return account;
  }

  /** One policy less shares it. */
  release(account: AccountAtEpoch): void {
    if (--account.holders > 0 || account.outdated) return;
    account.part = nothingRead;
    this.#unused++;
  }

  /** Has an account compared soon, beside the requests that use it. */
  compareSoon(account: AccountAtEpoch, now: number): void {
    if (now - account.askedAt < againMs) return;
    account.askedAt = now;
    this.#toCompare.add(account.accountId);
    this.#comparing ??= this.#compareWanted().finally(() => {
      this.#comparing = null;
    });
  }

  /**
   * Compares all accounts that policies are held of.
   *
   * @throws Error when the database cannot be read
   */
  async compareAll(): Promise<void> {
    const held = [...this.#newest.values()].filter(({ holders }) => holders > 0);
    await this.#compare(held.map(({ accountId }) => accountId));
  }

  async #compareWanted(): Promise<void> {
    // What is wanted in the same turn goes with the same statement.
    await Promise.resolve();
    while (this.#toCompare.size > 0) {
      const accountIds = [...this.#toCompare];
      this.#toCompare.clear();
      // What fails is wanted again by the next request.
      await this.#compare(accountIds).catch(() => {});
    }
  }

  async #compare(accountIds: readonly string[]): Promise<void> {
    const gone = new Set<string>();
    for (let at = 0; at < accountIds.length; at += accountsPerStatement) {
      const asked = accountIds.slice(at, at + accountsPerStatement);
      const askedAt = this.#parts.now();
      const epochs = await this.#parts.readEpochs(asked);
      for (const [accountId, epoch] of epochs) {
        const account = this.#note(accountId, epoch);
        if (account.epoch === epoch && askedAt > account.confirmedAt) account.confirmedAt = askedAt;
      }
      for (const accountId of asked) if (!epochs.has(accountId)) gone.add(accountId);
    }
    // Forgetting looks through everything that is held.
    if (gone.size > 0) this.#parts.onGone(gone);
  }

  /** Notes an epoch; returns the account at the newest one known, which may be another. */
  #note(accountId: string, epoch: bigint): AccountAtEpoch {
    const known = this.#newest.get(accountId);
    if (known !== undefined) {
      if (epoch <= known.epoch) return known;
      known.outdated = true;
      if (known.holders === 0) this.#unused--;
    } else if (this.#unused >= mostUnused) {
      this.#forgetUnused();
    }
    const account: AccountAtEpoch = {
      accountId,
      epoch,
      outdated: false,
      confirmedAt: never,
      askedAt: never,
      holders: 0,
      part: nothingRead,
    };
    this.#newest.set(accountId, account);
    this.#unused++;
    return account;
  }

  /** Only readings under way could need them, so those are doubted instead. */
  #forgetUnused(): void {
    for (const [accountId, { holders }] of this.#newest) if (holders === 0) this.#newest.delete(accountId);
    this.#unused = 0;
    this.doubtReadings();
  }
}
