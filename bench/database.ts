import { randomBytes, randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { Client } from "pg";
import { clientTokenDigest, instanceTokenDigest } from "@/lib/crypto/digest";
import { keyFor } from "@/lib/crypto/keys";
import { seal } from "@/lib/crypto/sealed-box";
import { epochChannel } from "@/lib/db/epoch";
import { lastFour, newInstanceToken } from "@/lib/domain/token-format";
import { applyMigrations } from "@/server/migrations/apply";
import { temporaryDatabases } from "@/server/temporary-databases";
import { type Call, newCall, newClientToken } from "./call";

/** Makes databases that vanish at the end. */
export interface Databases {
  /** A new, migrated, empty database; returns its address. */
  create(): Promise<string>;
  /** Removes all that were made. */
  close(): Promise<void>;
}

/** The databases of a server that was given: ours are made beside what is there, under names of our own. */
function givenServer(serverUrl: string): Databases {
  const made: string[] = [];
  return {
    async create() {
      const name = `latchkey_bench_${randomBytes(6).toString("hex")}`;
      const url = new URL(serverUrl);
      url.pathname = `/${name}`;
      made.push(name);
      await applyMigrations(url.href);
      return url.href;
    },
    async close() {
      const client = new Client({ connectionString: serverUrl });
      await client.connect();
      for (const name of made.splice(0)) await client.query(`drop database if exists ${name} with (force)`);
      await client.end();
    },
  };
}

/** Databases on the server that `DATABASE_URL` names, else on an embedded one. */
export function openDatabases(databaseUrl: string | undefined): Databases {
  if (databaseUrl) return givenServer(databaseUrl);
  const databases = temporaryDatabases({ shared_buffers: "256MB" });
  let count = 0;
  return { create: () => databases.migrated(`bench${++count}`), close: databases.remove };
}

/** An account whose token is enforced on all of its instances. */
export interface SeededAccount {
  readonly accountId: string;
  readonly clientToken: string;
}

const batch = 10_000;
/** As a real one; gates try one out when they start, and never open another. */
const sealedToken = () => seal(newInstanceToken(randomBytes), "bench");

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

/**
 * Adds an owner to an account, who is signed in.
 *
 * @returns the cookie that the owner's browser sends
 */
export async function seedOwner(client: Client, accountId: string): Promise<string> {
  const [userId, sessionId] = [randomUUID(), randomUUID()];
  await client.query(
    `insert into "User" ("id", "email", "passwordHash") values ($1, 'bench@example.com', '')`,
    [userId],
  );
  await client.query(`insert into "Membership" ("userId", "accountId", "role") values ($1, $2, 'owner')`, [
    userId,
    accountId,
  ]);
  await client.query(
    `insert into "Session" ("id", "userId", "accountId", "expiresAt", "address", "userAgent")
     values ($1, $2, $3, now() + interval '1 day', '127.0.0.1', 'bench')`,
    [sessionId, userId, accountId],
  );
  const secret = keyFor("session-cookie").toString("base64");
  return `latchkey.session=${await encode({ token: { sid: sessionId }, secret })}`;
}

async function insert(client: Client, rows: readonly (readonly [string, Call])[], upstreamUrl: string) {
  await client.query(
    `insert into "Instance" ("id", "accountId", "name", "upstreamUrl", "tokenDigest", "tokenSealed", "updatedAt")
     select "id", "account", 'Instance ' || "id", $1, "digest", $2, now()
     from unnest($3::text[], $4::uuid[], $5::bytea[]) as seeded("id", "account", "digest")`,
    [
      upstreamUrl,
      sealedToken(),
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

/** Gives a host name to an instance or to a service of an account. */
async function seedHost(
  client: Client,
  accountId: string,
  host: string,
  owner: "instanceId" | "serviceId",
  id: string,
) {
  await client.query(`insert into "HostName" ("name", "accountId", "${owner}") values ($1, $2, $3)`, [
    host,
    accountId,
    id,
  ]);
}

/** Adds the instance of one call under a host name of its own. */
export async function seedNamedCall(
  client: Client,
  account: SeededAccount,
  call: Call,
  { host, upstreamUrl }: { readonly host: string; readonly upstreamUrl: string },
): Promise<void> {
  await seedCall(client, account, call, upstreamUrl);
  await seedHost(client, account.accountId, host, "instanceId", call.instanceId);
}

/** Adds a service with a route and `count` instances, named `n1` to `n{count}`. */
export async function seedService(
  client: Client,
  { accountId }: SeededAccount,
  {
    host,
    upstreamUrl,
    route,
    count,
  }: {
    readonly host: string;
    readonly upstreamUrl: string;
    readonly route: string;
    readonly count: number;
  },
): Promise<void> {
  const id = randomUUID();
  await client.query(
    `insert into "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "routes", "updatedAt")
     values ($1, $2, 'Bench', 'any', $3, $4, now())`,
    [id, accountId, upstreamUrl, JSON.stringify([{ template: route }])],
  );
  await seedHost(client, accountId, host, "serviceId", id);
  await client.query(
    `insert into "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "serviceId", "label", "updatedAt")
     select left(md5($1 || n::text), 20), $2, 'Instance ' || n, sha256(n::text::bytea), $3, $1::uuid, 'n' || n, now()
       from generate_series(1, $4) n`,
    [id, accountId, sealedToken(), count],
  );
  await client.query("vacuum analyze");
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
