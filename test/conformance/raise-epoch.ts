import type pg from "pg";
import { epochChannel } from "@/lib/db/epoch";

/** Changes an account as use cases do: its epoch raised and announced in the transaction of the change. */
export async function raiseEpochOf(
  client: pg.Client,
  instanceId: string,
  change: (accountId: string) => Promise<void>,
): Promise<void> {
  const found = await client.query<{ accountId: string }>(
    `SELECT "accountId" FROM "Instance" WHERE "id" = $1`,
    [instanceId],
  );
  const accountId = found.rows[0]?.accountId ?? "";
  await client.query("BEGIN");
  await change(accountId);
  const { rows } = await client.query<{ epoch: string }>(
    `UPDATE "Account" SET "epoch" = "epoch" + 1, "epochAt" = clock_timestamp(),
            "epochXid" = pg_current_xact_id()::text::bigint
      WHERE "id" = $1 RETURNING "epoch"`,
    [accountId],
  );
  await client.query("SELECT pg_notify($1, $2)", [epochChannel, `${accountId}:${rows[0]?.epoch}`]);
  await client.query("COMMIT");
}
