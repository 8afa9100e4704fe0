import type { Client } from "pg";
import { epochChannel } from "@/lib/db/epoch";

/**
 * Changes an account as use cases do: its row locked, changed, its epoch raised and announced, all in one
 * transaction.
 *
 * @returns what sends COMMIT, so that the caller can start its clock right before
 */
export async function prepareChange(
  client: Client,
  accountId: string,
  work: () => Promise<unknown>,
): Promise<() => Promise<unknown>> {
  await client.query("begin");
  await client.query(`select 1 from "Account" where "id" = $1 for update`, [accountId]);
  await work();
  const { rows } = await client.query<{ epoch: string }>(
    `update "Account" set "epoch" = "epoch" + 1, "epochAt" = clock_timestamp(),
            "epochXid" = pg_current_xact_id()::text::bigint
      where "id" = $1 returning "epoch"`,
    [accountId],
  );
  await client.query("select pg_notify($1, $2)", [epochChannel, `${accountId}:${rows[0]?.epoch}`]);
  return () => client.query("commit");
}
