import type { Client } from "pg";
import { epochChannel } from "@/lib/db/epoch";

/**
 * Switches an account's enforcement as the use case does: the account's row locked, changed, its epoch
 * raised and announced, all in one transaction.
 *
 * @returns what sends COMMIT, so that the caller can start its clock right before
 */
export async function prepareSwitch(
  client: Client,
  accountId: string,
  enforcement: "on" | "off",
): Promise<() => Promise<unknown>> {
  await client.query("begin");
  await client.query(`select 1 from "Account" where "id" = $1 for update`, [accountId]);
  const { rows } = await client.query<{ epoch: string }>(
    `update "Account" set "enforcement" = $2::"Enforcement", "epoch" = "epoch" + 1 where "id" = $1 returning "epoch"`,
    [accountId, enforcement],
  );
  await client.query("select pg_notify($1, $2)", [epochChannel, `${accountId}:${rows[0]?.epoch}`]);
  return () => client.query("commit");
}
