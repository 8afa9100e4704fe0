import { randomUUID } from "node:crypto";
import type pg from "pg";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { seal } from "@/lib/crypto/sealed-box";
import { epochChannel } from "@/lib/db/epoch";
import { onDatabase } from "../support/database";
import {
  type AccountName,
  type AccountSpec,
  accounts,
  graceUntilOf,
  type InstanceName,
  type InstanceSpec,
  instances,
  sealedHeadersOf,
  tokensOf,
  upstreamUrlOf,
  type World,
} from "./world";

async function insertAccount(client: pg.Client, name: AccountName, world: World): Promise<string> {
  const spec: AccountSpec = accounts[name];
  const id = randomUUID();
  await client.query(
    `INSERT INTO "Account" ("id", "name", "enforcement", "addressMode", "graceUntil")
     VALUES ($1, $2, $3::"Enforcement", $4::"AddressMode", $5)`,
    [id, `conformance: ${name}`, spec.enforcement, spec.addressMode ?? "off", graceUntilOf(spec)],
  );
  for (const token of tokensOf(name, world)) {
    await client.query(
      `INSERT INTO "ClientToken" ("id", "accountId", "state", "digest", "lastFour", "retireAt")
       VALUES ($1, $2, $3::"TokenState", $4, '0000', $5)`,
      [randomUUID(), id, token.state, token.digest, token.retireAt],
    );
  }
  for (const cidr of spec.cidrs ?? []) {
    await client.query(`INSERT INTO "AddressRule" ("id", "accountId", "cidr") VALUES ($1, $2, $3)`, [
      randomUUID(),
      id,
      cidr,
    ]);
  }
  return id;
}

async function insertInstance(
  client: pg.Client,
  name: InstanceName,
  accountId: string,
  world: World,
  recorder: string,
): Promise<void> {
  const spec: InstanceSpec = instances[name];
  await client.query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "upstreamUrl", "tokenDigest", "tokenSealed",
                             "headersSealed", "firstByteSeconds", "pausedAt", "enforced", "updatedAt",
                             "endpointMode", "endpointKind", "endpointRules")
     VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, now(), $10::"AddressMode", $11::"EndpointKind", $12)`,
    [
      world.idOf(name),
      accountId,
      name,
      upstreamUrlOf(spec.behind, recorder),
      instanceTokenDigest(world.instanceTokenOf(name)),
      sealedHeadersOf(name, world, seal),
      spec.firstByteSeconds ?? null,
      spec.paused ? new Date() : null,
      spec.enforced ?? false,
      spec.endpoints?.mode ?? "off",
      spec.endpoints?.kind ?? "except",
      spec.endpoints?.rules ?? [],
    ],
  );
  for (const [address, agent] of spec.known ?? []) {
    await client.query(
      `INSERT INTO "KnownCaller" ("id", "accountId", "instanceId", "address", "agent") VALUES ($1, $2, $3, $4, $5)`,
      [randomUUID(), accountId, world.idOf(name), address, agent],
    );
  }
}

/**
 * Puts a world into a migrated database, upstreams included.
 *
 * @param recorder base URL of the upstream behind all instances that have one
 * @returns takes it out again
 */
export async function seedWorld(
  databaseUrl: string,
  world: World,
  recorder: string,
): Promise<() => Promise<void>> {
  const ids = new Map<AccountName, string>();
  await onDatabase(databaseUrl, async (client) => {
    for (const name of Object.keys(accounts) as AccountName[]) {
      ids.set(name, await insertAccount(client, name, world));
    }
    for (const name of Object.keys(instances) as InstanceName[]) {
      await insertInstance(client, name, ids.get(instances[name].account) ?? "", world, recorder);
    }
  });
  // One after the other: a gate may be writing down what it saw of several at once, and both would wait for each other.
  return () =>
    onDatabase(databaseUrl, async (client) => {
      for (const id of ids.values()) await deleteAccountRow(client, id);
    });
}

const deadlock = "40P01";

/** Of two that wait for each other PostgreSQL ends one; the gate's write is over then. */
async function deleteAccountRow(client: pg.Client, id: string): Promise<void> {
  const remove = () => client.query(`DELETE FROM "Account" WHERE "id" = $1`, [id]);
  await remove().catch((error: { code?: string }) => {
    if (error.code !== deadlock) throw error;
    return remove();
  });
}

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
