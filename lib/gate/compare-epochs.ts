import type { EpochMarks } from "./epoch-marks";

/** Reads the epochs of some accounts; one entry for each that exists. */
export type EpochsReader = (accountIds: readonly string[]) => Promise<ReadonlyMap<string, bigint>>;

const accountsPerQuestion = 1000;

/**
 * Asks the database for the epoch of every account of which something is held, and notes what is news.
 *
 * @returns the accounts that do not exist any more
 * @throws Error when the database cannot be read
 */
export async function compareEpochs(
  marks: EpochMarks,
  readEpochs: EpochsReader,
): Promise<ReadonlySet<string>> {
  const accounts = marks.heldAccounts();
  const gone = new Set<string>();
  for (let at = 0; at < accounts.length; at += accountsPerQuestion) {
    const asked = accounts.slice(at, at + accountsPerQuestion);
    const epochs = await readEpochs(asked);
    for (const [accountId, epoch] of epochs) marks.note(accountId, epoch);
    for (const accountId of asked) if (!epochs.has(accountId)) gone.add(accountId);
  }
  return gone;
}
