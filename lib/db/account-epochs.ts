import { pool } from "./pool";

/**
 * The epochs of some accounts at one moment.
 *
 * @returns one entry for each account that exists
 * @throws Error when the database cannot be read
 */
export async function readEpochs(accountIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const { rows } = await pool().query<{ id: string; epoch: string }>(
    `SELECT "id", "epoch" FROM "Account" WHERE "id" = ANY($1::uuid[])`,
    [accountIds],
  );
  return new Map(rows.map(({ id, epoch }) => [id, BigInt(epoch)]));
}
