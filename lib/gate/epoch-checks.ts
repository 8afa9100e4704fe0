import type { EpochMark, EpochMarks } from "./epoch-marks";

/** Reads the epochs of some accounts; one entry for each that exists. */
export type EpochsReader = (accountIds: readonly string[]) => Promise<ReadonlyMap<string, bigint>>;

/** What epochs are checked against. */
export interface EpochChecksParts {
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
