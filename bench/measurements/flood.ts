import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { config } from "@/lib/config";
import type { Bench } from "../bench";
import { awaitRightAnswer, newCall, requestOf } from "../call";
import { seedAccount, seedCall, withDatabase } from "../database";
import { type Latencies, latenciesOf } from "../load/latencies";
import { flood, perform, preflightReads } from "../load/tasks";
import { BenchError } from "../options";
import { startGate } from "../peers/latchkey";
import { residentMb } from "../processes";

/** What it costs that very many distinct callers come to one account. Times in milliseconds. */
export interface FloodOutcome {
  readonly callers: number;
  readonly instances: number;
  readonly requestsPerSecond: number;
  /** Resident memory of the gate: started, at most, and once all was written. Null: unknown. */
  readonly startedMb: number | null;
  readonly peakMb: number | null;
  readonly afterMb: number | null;
  /** What is kept of them. */
  readonly rows: { readonly callers: number; readonly hours: number };
  /** All tables of statistics with their indexes, in 10^6 bytes. */
  readonly tablesMb: number;
  /** Writes of what was observed. */
  readonly writes: Latencies;
  /** Reading the account's preflight meanwhile and afterwards. */
  readonly readsMeanwhile: Latencies;
  readonly readsAfter: Latencies;
}

/** As many as it takes to reach the limit of callers of an account. */
const instanceCount = 10;
const connections = 32;
const readsAfter = 20;

/** An account in the state in which its owner looks at the preflight: with a token that is not enforced yet. */
async function seedFlooded(bench: Bench, client: Client) {
  const account = await seedAccount(client);
  await client.query(`update "Account" set "enforcement" = 'off' where "id" = $1`, [account.accountId]);
  const calls = Array.from({ length: instanceCount }, () => newCall(account.clientToken));
  for (const call of calls) await seedCall(client, account, call, `http://127.0.0.1:${bench.upstreamPort}`);
  return { accountId: account.accountId, calls };
}

async function sizes(client: Client) {
  const { rows } = await client.query<{ callers: number; hours: number; bytes: number }>(
    `select (select count(*)::int from "Caller") as "callers",
            (select count(*)::int from "CallerHour") as "hours",
            (select sum(pg_total_relation_size(name))::float8
               from unnest(array['"Caller"', '"CallerHour"', '"TrafficHour"']) as name) as "bytes"`,
  );
  const { callers = 0, hours = 0, bytes = 0 } = rows[0] ?? {};
  return { rows: { callers, hours }, tablesMb: bytes / 1e6 };
}

/** Waits until every request of the flood, which carries no token, is counted in the database. */
async function allWritten(client: Client, requests: number): Promise<void> {
  for (let waited = 0; waited < 600; waited++) {
    const { rows } = await client.query<{ sum: number }>(
      `select coalesce(sum("requests"), 0)::float8 as "sum" from "TrafficHour" where "token" = 'missing'`,
    );
    if ((rows[0]?.sum ?? 0) >= requests) return;
    await sleep(100);
  }
  throw new BenchError("not every request was counted a minute after the last");
}

/** Samples the memory of a process group until it is told to stop, and tells the most. */
async function peakMemory(pid: number, enough: AbortSignal): Promise<number | null> {
  let peak: number | null = null;
  while (!enough.aborted) {
    const now = residentMb(pid);
    if (now !== null) peak = Math.max(peak ?? 0, now);
    await sleep(200);
  }
  return peak;
}

/**
 * Lets very many distinct callers (address and program) call one account once each, while its owner looks at
 * the preflight.
 *
 * @throws BenchError when an answer was wrong or a request is not counted
 */
export async function measureFlood(bench: Bench): Promise<FloodOutcome> {
  const { floodCallers: callers } = bench.settings;
  const databaseUrl = await bench.databases.create();
  return withDatabase(databaseUrl, async (client) => {
    const { accountId, calls } = await seedFlooded(bench, client);
    const env = { TRUSTED_PROXIES: "127.0.0.0/8" };
    const databaseEnv = { DATABASE_URL: databaseUrl, LATCHKEY_SECRET: config().secret };
    const { port, child } = await startGate(bench, { name: "gate-flooded", databaseUrl, env });
    const [first] = calls;
    if (first) await awaitRightAnswer(child, port, requestOf(first), "accepted");
    const startedMb = residentMb(child.pid);
    const over = new AbortController();
    const readPreflight = (reads: number, pauseMs: number, enough?: AbortSignal) =>
      perform(
        bench,
        preflightReads,
        { accountId, reads, pauseMs },
        { env: databaseEnv, ...(enough && { enough }) },
      );
    const meanwhile = Promise.all([
      peakMemory(child.pid, over.signal),
      watchWrites(databaseUrl, over.signal),
      readPreflight(Number.MAX_SAFE_INTEGER, 1000, over.signal),
    ]);
    const paths = calls.map((call) => requestOf(call).path);
    const flooding = perform(bench, flood, { port, paths, callers, connections })
      .then(async (result) => {
        await allWritten(client, callers);
        return result;
      })
      .finally(() => over.abort());
    const [{ requestsPerSecond, wrong }, [peakMb, writes, readsMeanwhile]] = await Promise.all([
      flooding,
      meanwhile,
    ]);
    if (wrong > 0) throw new BenchError(`${wrong} answers were wrong or missing`);
    const afterMb = residentMb(child.pid);
    const after = await readPreflight(readsAfter, 50);
    await child.stop();
    return {
      callers,
      instances: instanceCount,
      requestsPerSecond,
      startedMb,
      peakMb,
      afterMb,
      ...(await sizes(client)),
      writes: latenciesOf(writes),
      readsMeanwhile,
      readsAfter: after,
    };
  });
}

/** Between two looks: how exact the durations are. */
const lookEveryMs = 10;

/** Every write of statistics that is under way, and for how long, by the database's clock. */
const writes = `
  select "pid" || ' ' || "xact_start" as "write",
         (extract(epoch from clock_timestamp() - "xact_start") * 1000)::float8 as "ms"
    from pg_stat_activity
   where "query" like '%WITH seen AS MATERIALIZED%' and "state" <> 'idle' and "pid" <> pg_backend_pid()
     and "datname" = current_database()`;

/**
 * Watches how long gates take to write what they observed, as the database sees it, until it is told to stop.
 *
 * @returns milliseconds of each write, 10 ms too short at most; writes that were shorter may be missing
 */
function watchWrites(databaseUrl: string, enough: AbortSignal): Promise<number[]> {
  return withDatabase(databaseUrl, async (client) => {
    const longest = new Map<string, number>();
    while (!enough.aborted) {
      const { rows } = await client.query<{ write: string; ms: number }>(writes);
      for (const { write, ms } of rows) longest.set(write, ms);
      await sleep(lookEveryMs);
    }
    return [...longest.values()];
  });
}
