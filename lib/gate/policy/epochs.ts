import type { InstancePolicy } from "@/lib/domain/gate";

/** What all policies of an account have in common at one epoch, and the upstream that most of them have. */
type AccountPart = Pick<
  InstancePolicy,
  "accountId" | "epoch" | "enforcement" | "addressMode" | "addresses" | "tokens" | "upstreamUrl"
>;

/** The newest epoch known of one account, shared by everything held of it. */
export interface EpochMark {
  readonly accountId: string;
  epoch: bigint;
  /** The last moment, on a monotonic clock in milliseconds, at which the database was seen to have this epoch. */
  confirmedAt: number;
  /** When that was last asked for. */
  askedAt: number;
  /** How many policies of this account are held. */
  holders: number;
  /** Kept once instead of once for each instance. */
  part: { readonly readAt: number; readonly policy: AccountPart } | null;
}

const mostUnused = 10_000;

/** A part read this much earlier is as good; what shares it counts as read when its part was. */
const sharedForMs = 5000;

/** The same policy with the account's part in memory once, and when its oldest part was read. */
export function sharingAccount(
  policy: InstancePolicy,
  mark: EpochMark,
  readAt: number,
): { readonly policy: InstancePolicy; readonly readAt: number } {
  const { accountId, epoch, enforcement, addressMode, addresses, tokens, upstreamUrl } = policy;
  let { part } = mark;
  if (part === null || part.policy.epoch !== epoch || readAt - part.readAt > sharedForMs) {
    part = { readAt, policy: { accountId, epoch, enforcement, addressMode, addresses, tokens, upstreamUrl } };
    mark.part = part;
  }
  const shared = part.policy;
  return {
    // Written out: a spread would take twice the memory.
    policy: {
      instanceId: policy.instanceId,
      accountId: shared.accountId,
      tokenDigest: policy.tokenDigest,
      paused: policy.paused,
      enforcement: shared.enforcement,
      enforced: policy.enforced,
      addressMode: shared.addressMode,
      addresses: shared.addresses,
      tokens: shared.tokens,
      // The same text, in memory once: most instances of an account have one upstream.
      upstreamUrl: policy.upstreamUrl === shared.upstreamUrl ? shared.upstreamUrl : policy.upstreamUrl,
      headersSealed: policy.headersSealed,
      firstByteSeconds: policy.firstByteSeconds,
      epoch: shared.epoch,
    },
    readAt: Math.min(readAt, part.readAt),
  };
}

/**
 * Remembers the newest epoch of each account. Raising it outdates every policy of the account at once,
 * however many there are, because each compares its own epoch with the mark.
 */
export class EpochMarks {
  readonly #marks = new Map<string, EpochMark>();
  #unused = 0;
  /** Counts what may have made an answer of the database old: announcements, and times of not hearing. */
  sequence = 0;
  /** Readings begun before this count cannot be checked any more and have to be repeated. */
  floor = 0;

  get size(): number {
    return this.#marks.size;
  }

  /** The mark of an account, to be shared by one more policy. */
  hold(accountId: string): EpochMark {
    const mark = this.#of(accountId);
    if (mark.holders++ === 0) this.#unused--;
    return mark;
  }

  /** One policy of the account is no longer held. */
  release(mark: EpochMark): void {
    if (--mark.holders > 0) return;
    mark.part = null;
    this.#unused++;
  }

  /** True when a newer epoch of the account than this is known. */
  isOutdated(accountId: string, epoch: bigint): boolean {
    const mark = this.#marks.get(accountId);
    return mark !== undefined && epoch < mark.epoch;
  }

  /** Notes an epoch that was read; true when it is news. */
  note(accountId: string, epoch: bigint): boolean {
    const mark = this.#of(accountId);
    if (epoch <= mark.epoch) return false;
    mark.epoch = epoch;
    mark.confirmedAt = Number.NEGATIVE_INFINITY;
    return true;
  }

  /** Notes the epoch that an account had at a moment; what is held at that epoch was up to date then. */
  confirm(accountId: string, epoch: bigint, at: number): void {
    this.note(accountId, epoch);
    const mark = this.#of(accountId);
    if (mark.epoch === epoch && at > mark.confirmedAt) mark.confirmedAt = at;
  }

  /** Notes an epoch that was announced. */
  announce(accountId: string, epoch: bigint): boolean {
    this.sequence++;
    return this.note(accountId, epoch);
  }

  /** From now on, readings that have begun already prove nothing. */
  doubtReadings(): void {
    this.floor = ++this.sequence;
  }

  /** The accounts of which anything is held. */
  heldAccounts(): string[] {
    return [...this.#marks.values()].filter(({ holders }) => holders > 0).map(({ accountId }) => accountId);
  }

  #of(accountId: string): EpochMark {
    let mark = this.#marks.get(accountId);
    if (!mark) {
      if (this.#unused >= mostUnused) this.#forgetUnused();
      const never = Number.NEGATIVE_INFINITY;
      mark = { accountId, epoch: -1n, confirmedAt: never, askedAt: never, holders: 0, part: null };
      this.#marks.set(accountId, mark);
      this.#unused++;
    }
    return mark;
  }

  /** Only readings under way could need them, so those are doubted instead. */
  #forgetUnused(): void {
    for (const [accountId, { holders }] of this.#marks) if (holders === 0) this.#marks.delete(accountId);
    this.#unused = 0;
    this.doubtReadings();
  }
}

/** Reads the epochs of some accounts; one entry for each that exists. */
export type EpochsReader = (accountIds: readonly string[]) => Promise<ReadonlyMap<string, bigint>>;

/** What epochs are checked against. */
interface EpochChecksParts {
  readonly marks: EpochMarks;
  readonly readEpochs: EpochsReader;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Told which of the accounts asked for do not exist any more. */
  readonly gone: (accountIds: ReadonlySet<string>) => void;
}

const accountsPerStatement = 1000;
/** An account whose check failed, or is under way, is asked for again after this time. */
const againMs = 1000;

/**
 * Asks the database whether the epochs known are still those of the accounts. Where one is, everything held
 * of the account is as good as read at that moment, because every change of a decision raises it: thousands
 * of instances are confirmed by one row.
 */
export class EpochChecks {
  readonly #parts: EpochChecksParts;
  readonly #wanted = new Set<string>();
  #running: Promise<void> | null = null;

  constructor(parts: EpochChecksParts) {
    this.#parts = parts;
  }

  /** Has an account checked soon, beside the requests that use it. */
  want(mark: EpochMark, now: number): void {
    if (now - mark.askedAt < againMs) return;
    mark.askedAt = now;
    this.#wanted.add(mark.accountId);
    this.#running ??= this.#checkWanted().finally(() => {
      this.#running = null;
    });
  }

  /**
   * Checks every account of which something is held.
   *
   * @throws Error when the database cannot be read
   */
  async all(): Promise<void> {
    await this.#check(this.#parts.marks.heldAccounts());
  }

  async #checkWanted(): Promise<void> {
    // What is wanted in the same turn goes with the same statement.
    await Promise.resolve();
    while (this.#wanted.size > 0) {
      const accounts = [...this.#wanted];
      this.#wanted.clear();
      // What fails is wanted again by the next request.
      await this.#check(accounts).catch(() => {});
    }
  }

  async #check(accounts: readonly string[]): Promise<void> {
    const { marks, readEpochs, now, gone } = this.#parts;
    const missing = new Set<string>();
    for (let at = 0; at < accounts.length; at += accountsPerStatement) {
      const asked = accounts.slice(at, at + accountsPerStatement);
      const askedAt = now();
      const epochs = await readEpochs(asked);
      for (const [accountId, epoch] of epochs) marks.confirm(accountId, epoch, askedAt);
      for (const accountId of asked) if (!epochs.has(accountId)) missing.add(accountId);
    }
    // Forgetting looks through everything that is held.
    if (missing.size > 0) gone(missing);
  }
}

const again = 500;

/** Whether changes are heard, and since when held policies could have changed unheard. */
export class Hearing {
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

  /** The connection that announces has said something: all that was said before has arrived. */
  heard(): void {
    if (this.#listening) this.#heardAt = this.#now();
  }

  lost(): void {
    this.#connection++;
    this.#listening = false;
  }

  /**
   * There is a connection again. Counts from the call on, once `catchUp` has found what was missed; it is
   * tried until it is true.
   *
   * @returns false when the connection was lost again meanwhile
   */
  async connected(catchUp: () => Promise<boolean>): Promise<boolean> {
    const connection = ++this.#connection;
    const since = this.#now();
    while (!(await catchUp())) {
      await new Promise((resolve) => setTimeout(resolve, again));
      if (this.#connection !== connection) return false;
    }
    if (this.#connection !== connection) return false;
    this.#heardAt = since;
    this.#listening = true;
    return true;
  }

  /** True while changes are heard; a connection that is silent for too long does not count. */
  hears(now: number): boolean {
    return this.#listening && now - this.#heardAt < this.#maxStalenessMs;
  }

  /** Whether what was read at that time still counts though it may have changed unheard. */
  counts(readAt: number, now: number): boolean {
    return now - Math.max(readAt, this.#heardAt) < this.#maxStalenessMs;
  }

  /** Milliseconds since everything was surely heard; 0 while it is. */
  staleness(): number {
    const now = this.#now();
    return this.hears(now) ? 0 : now - this.#heardAt;
  }
}
