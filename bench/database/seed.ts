import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { lastFour } from "@/lib/domain/token-format";
import { type Call, newCall, newClientToken } from "../call";

/** An account whose token is demanded on all of its instances. */
export interface SeededAccount {
  readonly accountId: string;
  readonly clientToken: string;
}

const batch = 10_000;
// As long as a real sealed token; gates never open it.
const sealed = `v1.00000000.${"A".repeat(16)}.${"A".repeat(64)}`;

/** Connects, does the work, and closes the connection. */
export async function withDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Adds an account with a live token that is enforced everywhere. */
export async function seedAccount(client: Client, clientToken = newClientToken()): Promise<SeededAccount> {
  const accountId = randomUUID();
  await client.query(
    `insert into "Account" ("id", "name", "enforcement", "epoch") values ($1, 'Bench', 'on', 1)`,
    [accountId],
  );
  await seedToken(client, accountId, clientToken);
  return { accountId, clientToken };
}

/** Gives an account its current token. */
export async function seedToken(client: Client, accountId: string, clientToken: string): Promise<void> {
  await client.query(
    `insert into "ClientToken" ("id", "accountId", "state", "digest", "lastFour")
     values ($1, $2, 'current', $3, $4)`,
    [randomUUID(), accountId, clientTokenDigest(clientToken), lastFour(clientToken)],
  );
}

async function insert(client: Client, rows: readonly (readonly [string, Call])[], upstreamUrl: string) {
  await client.query(
    `insert into "Instance" ("id", "accountId", "name", "upstreamUrl", "tokenDigest", "tokenSealed", "updatedAt")
     select "id", "account", 'Instance ' || "id", $1, "digest", $2, now()
     from unnest($3::text[], $4::uuid[], $5::bytea[]) as seeded("id", "account", "digest")`,
    [
      upstreamUrl,
      sealed,
      rows.map(([, call]) => call.instanceId),
      rows.map(([accountId]) => accountId),
      rows.map(([, call]) => instanceTokenDigest(call.instanceToken)),
    ],
  );
}

/** Adds the instance of one call to an account. */
export async function seedCall(client: Client, account: SeededAccount, call: Call, upstreamUrl: string) {
  await insert(client, [[account.accountId, call]], upstreamUrl);
}

/**
 * Adds instances, spread evenly over accounts.
 *
 * @returns the calls of the first `hot` of them
 */
export async function seedInstances(
  client: Client,
  accounts: readonly SeededAccount[],
  { count, hot, upstreamUrl }: { count: number; hot: number; upstreamUrl: string },
): Promise<Call[]> {
  const calls: Call[] = [];
  for (let from = 0; from < count; from += batch) {
    const rows: [string, Call][] = [];
    for (let at = from; at < Math.min(count, from + batch); at++) {
      const account = accounts[at % accounts.length];
      if (!account) continue;
      const call = newCall(account.clientToken);
      rows.push([account.accountId, call]);
      if (at < hot) calls.push(call);
    }
    await insert(client, rows, upstreamUrl);
  }
  // Otherwise autovacuum does it in the middle of a measurement.
  await client.query("vacuum analyze");
  return calls;
}
