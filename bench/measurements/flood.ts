import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { type Bench, upstreamUrl } from "../bench";
import { newCall, requestOf } from "../call";
import { seedAccount, seedCall, withDatabase } from "../database";
import { percentile } from "../load/open-loop";
import { wrkMany } from "../load/wrk";
import { BenchError } from "../options";
import { memoryMb } from "../processes";
import type { Figure, Section } from "../report";
import { startGate } from "./gates";
import { readSecurity, type SignedIn, startDashboard } from "./page";

/** As many as it takes to reach the limit of callers of an account. */
const instanceCount = 10;

async function sizes(client: Client) {
  const { rows } = await client.query<{ callers: number; bytes: number }>(
    `select (select count(*)::int from "Caller") as "callers",
            (select sum(pg_total_relation_size(name))::float8
               from unnest(array['"Caller"', '"CallerHour"', '"TrafficHour"']) as name) as "bytes"`,
  );
  const { callers = 0, bytes = 0 } = rows[0] ?? {};
  return { callers, tablesMb: bytes / 1e6 };
}

/** Waits until so many requests, which carry no token, are counted in the database. */
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

/** Between two looks: how exact the durations are. */
const lookEveryMs = 10;

/** Every write of what was observed that is under way, and for how long, by the database's clock. */
const writesUnderWay = `
  select a."pid" || ' ' || a."xact_start" as "write",
         (extract(epoch from clock_timestamp() - a."xact_start") * 1000)::float8 as "ms"
    from pg_locks l join pg_stat_activity a using ("pid")
   where l."relation" = '"CallerHour"'::regclass and l."mode" = 'RowExclusiveLock'`;

/**
 * Watches how long gates take to write what they observed until it is told to stop.
 *
 * @returns milliseconds of each write, 10 ms too short at most; writes that were shorter may be missing
 */
function watchWrites(url: string, enough: AbortSignal): Promise<number[]> {
  return withDatabase(url, async (client) => {
    const longest = new Map<string, number>();
    while (!enough.aborted) {
      const { rows } = await client.query<{ write: string; ms: number }>(writesUnderWay);
      for (const { write, ms } of rows) longest.set(write, ms);
      await sleep(lookEveryMs);
    }
    return [...longest.values()];
  });
}

/** Reads the Security page again and again, with a pause after each. @returns milliseconds of each reading */
async function readAgain(member: SignedIn, reads: number, pauseMs: number, enough?: AbortSignal) {
  const times: number[] = [];
  while (times.length < reads && !enough?.aborted) {
    const start = performance.now();
    await readSecurity(member);
    times.push(performance.now() - start);
    await sleep(pauseMs);
  }
  return times;
}

/** Lets distinct callers without end (address and program) call one account, while its owner looks at Security. */
export async function measureFlood(bench: Bench): Promise<Section> {
  const url = await bench.databases.create();
  return withDatabase(url, async (client) => {
    const account = await seedAccount(client);
    // The owner looks at the preflight before the token is enforced.
    await client.query(`update "Account" set "enforcement" = 'off' where "id" = $1`, [account.accountId]);
    const calls = Array.from({ length: instanceCount }, () => newCall(account.clientToken));
    for (const call of calls) await seedCall(client, account, call, upstreamUrl(bench));
    const member = await startDashboard(bench, url, account.accountId);
    const env = { TRUSTED_PROXIES: "127.0.0.0/8" };
    const gate = await startGate(bench, { url, call: calls[0] ?? bench.call, env });
    const startedMb = memoryMb(gate.child.pid);
    const paths = calls.map((call) => requestOf(call).path);
    let total = 0;

    async function round() {
      const over = new AbortController();
      const meanwhile = Promise.all([
        watchWrites(url, over.signal),
        readAgain(member, Number.POSITIVE_INFINITY, 1000, over.signal),
      ]);
      let perSecond: number;
      try {
        const run = await wrkMany(bench, gate.port, bench.settings.flood, ["flood", String(total), ...paths]);
        // The last answers of a run may come when wrk does not count any more.
        total += run.requests;
        perSecond = run.perSecond;
        await allWritten(client, total);
      } finally {
        over.abort();
      }
      const [writes, meanwhileMs] = await meanwhile;
      const mb = memoryMb(gate.child.pid);
      const afterMs = await readAgain(member, bench.settings.quick ? 2 : 10, 50);
      return { perSecond, writes, meanwhileMs, afterMs, mb, ...(await sizes(client)) };
    }

    const rounds: Awaited<ReturnType<typeof round>>[] = [];
    for (let n = 1; n <= bench.settings.rounds; n++) {
      bench.progress(`round ${n} of ${bench.settings.rounds}`);
      rounds.push(await round());
    }
    const times = (label: string, key: "writes" | "meanwhileMs" | "afterMs") =>
      Object.entries({ p50: 0.5, worst: 1 }).map(([which, share]): Figure => {
        return {
          label: `${label}, ${which}`,
          unit: "ms",
          values: rounds.map((each) => percentile(each[key], share)),
        };
      });
    return {
      name: "flood",
      title: "A flood of callers",
      figures: [
        {
          label: `Distinct callers at one account with ${instanceCount} instances`,
          unit: "requests/s",
          values: rounds.map(({ perSecond }) => perSecond),
        },
        { label: "Distinct callers, all rounds together", unit: "", values: [total] },
        { label: "Memory of the gate (PSS), started", unit: "MB", values: [startedMb] },
        { label: "Memory of the gate (PSS), after a round", unit: "MB", values: rounds.map(({ mb }) => mb) },
        { label: "Rows of callers", unit: "", values: rounds.map(({ callers }) => callers) },
        { label: "Size of the tables", unit: "MB", values: rounds.map(({ tablesMb }) => tablesMb) },
        ...times("Writing what was observed", "writes"),
        ...times("Reading the Security page meanwhile", "meanwhileMs"),
        ...times("Reading it afterwards", "afterMs"),
      ],
      failures: [],
      notes: `- The flood is one request from each of very many addresses under 20,000 names of programs, as a trusted proxy passes them
  on, before the token is enforced: ${bench.settings.flood} s in each round, without end to the addresses. Meanwhile the data of the Security page is
  read once a second. Writes are timed by looking into the database every ${lookEveryMs} ms.
`,
    };
  });
}
