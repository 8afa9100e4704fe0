import { pool } from "./pool";
import type { Transaction } from "./transaction";

/** The channel on which gates hear of changed decisions; the payload is `<account id>:<epoch>`. */
export const epochChannel = "latchkey_epoch";

/**
 * Raises the account's epoch and announces it. Call it last: the time it notes is the time of the change. PostgreSQL delivers the announcement when the transaction
 * commits, and not at all when it rolls back.
 */
export async function raiseEpoch(tx: Transaction, accountId: string): Promise<void> {
  await tx.$executeRaw`
    WITH raised AS (
      UPDATE "Account" SET "epoch" = "epoch" + 1, "epochAt" = clock_timestamp(),
             "epochXid" = pg_current_xact_id()::text::bigint
       WHERE "id" = ${accountId}::uuid RETURNING "id", "epoch"
    )
    SELECT pg_notify(${epochChannel}, "id"::text || ':' || "epoch"::text) FROM raised`;
}

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
