import type { Client } from "pg";
import { compileAddressList } from "@/lib/domain/address-list";
import { type ClockReading, clockSkew, clocksAgree } from "@/lib/domain/confirmation";
import { type Finding, finding, judgeProxies, type SeenPeer } from "@/lib/domain/doctor";
import { explainDatabaseError, oldestMajor, placeOf, withClient } from "../migrations/connect";
import { migrationState, readMigrations } from "../migrations/history";
import { needsSecret, tryOutSecret } from "../secret";
import { codeOf, isStartError, reasonOf } from "../terminal";

/** What a look into the database came to. */
interface DatabaseLook {
  readonly findings: readonly Finding[];
  /** PostgreSQL's version, such as 18.4. */
  readonly version?: string;
  /** Origins of upstreams that were called last. */
  readonly upstreams: readonly string[];
}

interface Facts {
  readonly version: string;
  readonly number: number;
  readonly size: string;
  readonly most: number;
  readonly reserved: number;
  readonly used: number;
}

const noFacts: Facts = { version: "", number: 0, size: "0", most: 0, reserved: 0, used: 0 };

const facts = `
  select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
         pg_database_size(current_database())::text as size, current_setting('max_connections')::int as most,
         current_setting('superuser_reserved_connections')::int as reserved,
         (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`;

async function readClock(client: Client): Promise<ClockReading> {
  const askedAt = Date.now();
  const { rows } = await client.query<{ ms: number }>(
    "select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms",
  );
  return { askedAt, answeredAt: Date.now(), other: rows[0]?.ms ?? askedAt };
}

function judgeClock(reading: ClockReading): Finding {
  const skew = clockSkew(reading);
  const seconds = Math.round(Math.abs(skew.aheadMs) / 100) / 10;
  const values = { seconds, direction: skew.aheadMs > 0 ? "ahead" : "behind" };
  return finding("clock", clocksAgree(skew) === false ? "off" : "right", values);
}

async function checkMigrations(client: Client): Promise<Finding> {
  const { pending, failed, unknown, altered } = await migrationState(client, await readMigrations());
  const named = (outcome: "pending" | "failed" | "altered" | "newer", names: readonly string[]) =>
    finding("migrations", outcome, { count: names.length, names: names.slice(0, 3).join(", ") });
  if (failed.length > 0) return named("failed", failed);
  if (altered.length > 0) return named("altered", altered);
  if (pending.length > 0) return named("pending", pending);
  return unknown.length > 0 ? named("newer", unknown) : finding("migrations", "current");
}

/** Whether the secret fits. Opens nothing. */
async function checkSecretOf(client: Client, isGiven: boolean): Promise<Finding> {
  if (!isGiven) return finding("secret", (await needsSecret(client)) ? "missing" : "untried");
  return finding("secret", await tryOutSecret(client));
}

/** Requests of the last day, by the other end of their connections. */
async function readSeenPeers(client: Client): Promise<readonly SeenPeer[]> {
  const { rows } = await client.query<SeenPeer>(
    `select "peer", "forwarded", sum("requests")::float8 as requests from "SeenPeer"
      where "hour" > now() - interval '1 day' group by 1, 2 order by 3 desc limit 1000`,
  );
  return rows;
}

async function readUpstreams(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ url: string }>(
    `select coalesce(i."upstreamUrl", s."upstreamUrl") as url from "Instance" i
       left join "Service" s on s."id" = i."serviceId"
      where coalesce(i."upstreamUrl", s."upstreamUrl") is not null order by i."updatedAt" desc limit 50`,
  );
  const origins = rows.filter(({ url }) => URL.canParse(url)).map(({ url }) => new URL(url).origin);
  return [...new Set(origins)].slice(0, 3);
}

interface LookOptions {
  /** Whether this process has a secret. */
  readonly hasSecret: boolean;
  /** Connections of one process. */
  readonly connections: number;
  readonly trustedProxies: readonly string[];
}

/** A check on a database that is not up to date may lack its table: what is wrong there is told by `migrations`. */
async function whereItIs<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (["42P01", "42703"].includes(codeOf(error))) return otherwise;
    throw error;
  }
}

/** Processes that `latchkey start` runs on a database at least: a dashboard and a gate. */
const fewestProcesses = 2;

async function look(client: Client, place: string, options: LookOptions): Promise<DatabaseLook> {
  const { rows } = await client.query<Facts>(facts);
  const [{ version, number, size, most, reserved, used } = noFacts] = rows;
  const major = Math.floor(number / 10_000);
  const megabytes = Math.ceil(Number(size) / 1024 ** 2);
  const outcome = major < oldestMajor ? "tooOld" : "reachable";
  const needed = fewestProcesses * options.connections;
  const free = most - reserved - used;
  const trusted = compileAddressList([...options.trustedProxies]);
  const seen = await whereItIs(() => readSeenPeers(client), []);
  return {
    version: /^\d+(?:\.\d+)*/.exec(version)?.[0] ?? version,
    findings: [
      finding("database", outcome, { place, version, size: megabytes, oldest: oldestMajor }),
      await checkMigrations(client),
      await checkSecretOf(client, options.hasSecret),
      finding("connections", free < 5 || most - reserved < needed ? "few" : "enough", { used, most, needed }),
      judgeClock(await readClock(client)),
      judgeProxies(seen, (peer) => trusted.includes(peer)),
    ],
    upstreams: await whereItIs(() => readUpstreams(client), []),
  };
}

const patienceMs = 10_000;

/** Looks into a database and changes nothing there. Never rejects: what cannot be read is a finding. */
export async function lookIntoDatabase(databaseUrl: string, options: LookOptions): Promise<DatabaseLook> {
  const timeouts = { statement_timeout: patienceMs, query_timeout: patienceMs };
  const work = (client: Client) => look(client, placeOf(databaseUrl), options);
  try {
    return await withClient(databaseUrl, "latchkey-doctor", work, timeouts);
  } catch (error) {
    const reason = reasonOf(isStartError(error) ? error : explainDatabaseError(error, databaseUrl));
    return { findings: [finding("database", "away", { reason })], upstreams: [] };
  }
}
