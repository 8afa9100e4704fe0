import { join } from "node:path";
import { type Bench, smallDatabase } from "../bench";
import { awaitRightAnswer, type Call, requestOf, writeCalls } from "../call";
import { seedAccount, seedInstances, withDatabase } from "../database";
import { medianBy } from "../load/latencies";
import { perform, sweep } from "../load/tasks";
import { faultOf, type WrkRun, wrkMany } from "../load/wrk";
import { BenchError } from "../options";
import { type RunningPeer, startGate } from "../peers/latchkey";
import { residentMb } from "../processes";

/** What more instances cost. */
export interface GrowthResult {
  readonly instances: number;
  readonly hotInstances: number;
  readonly accounts: number;
  /** Medians with one instance, and with all of them where the hot ones are called in turn. */
  readonly one: WrkRun;
  readonly many: WrkRun;
  /** First requests to instances that a fresh gate had to look up in the database. */
  readonly coldPerSecond: number;
  readonly coldP99: number;
  /** Resident memory of a gate: started, with the hot instances cached, and after all load. Null: unknown. */
  readonly startedMb: number | null;
  readonly cachedMb: number | null;
  readonly afterLoadMb: number | null;
}

interface Subject {
  readonly gate: RunningPeer;
  readonly callsFile: string;
  readonly runs: WrkRun[];
}

async function seedLarge(bench: Bench): Promise<{ url: string; calls: Call[] }> {
  const { instances, hotInstances, accounts } = bench.settings;
  const url = await bench.databases.create();
  const calls = await withDatabase(url, async (client) => {
    const owners = [];
    for (let n = 0; n < accounts; n++) owners.push(await seedAccount(client));
    const upstreamUrl = `http://127.0.0.1:${bench.upstreamPort}`;
    return seedInstances(client, owners, { count: instances, hot: hotInstances, upstreamUrl });
  });
  return { url, calls };
}

async function subject(
  bench: Bench,
  name: string,
  databaseUrl: string,
  calls: readonly Call[],
): Promise<Subject> {
  const callsFile = join(bench.folder, `${name}.calls`);
  writeCalls(callsFile, calls);
  return { gate: await startGate(bench, { name, databaseUrl }), callsFile, runs: [] };
}

async function load(bench: Bench, { gate, callsFile }: Subject, seconds: number): Promise<WrkRun> {
  const run = await wrkMany(bench, gate.port, callsFile, seconds);
  const fault = faultOf(run, "accepted");
  if (fault !== null) throw new BenchError(fault);
  return run;
}

function median({ runs }: Subject): WrkRun {
  const run = medianBy(runs, ({ requestsPerSecond }) => requestsPerSecond);
  if (!run) throw new BenchError("nothing was measured");
  return run;
}

/**
 * Compares a gate on a database with one instance to one on a database with very many, measuring both in
 * turn; and what the many cost in memory and in first look-ups.
 */
export async function measureGrowth(bench: Bench): Promise<GrowthResult> {
  const { settings } = bench;
  bench.progress(`filling a database with ${settings.instances.toLocaleString("en")} instances`);
  const large = await seedLarge(bench);
  const one = await subject(bench, "gate-one", await smallDatabase(bench), [bench.call]);
  await awaitRightAnswer(one.gate.child, one.gate.port, requestOf(bench.call), "accepted");
  const many = await subject(bench, "gate-many", large.url, large.calls);
  const [first] = large.calls;
  if (first) await awaitRightAnswer(many.gate.child, many.gate.port, requestOf(first), "accepted");
  const startedMb = residentMb(many.gate.child.pid);
  bench.progress(`looking up ${settings.hotInstances.toLocaleString("en")} of them for the first time`);
  const cold = await perform(bench, sweep, {
    port: many.gate.port,
    callsFile: many.callsFile,
    connections: 32,
  });
  if (cold.wrong > 0) throw new BenchError(`${cold.wrong} of ${cold.count} first answers were wrong`);
  const cachedMb = residentMb(many.gate.child.pid);
  for (const each of [one, many]) await load(bench, each, settings.warmUpSeconds);
  for (let round = 1; round <= settings.rounds; round++) {
    bench.progress(`round ${round} of ${settings.rounds}`);
    for (const each of [one, many]) each.runs.push(await load(bench, each, settings.runSeconds));
  }
  const afterLoadMb = residentMb(many.gate.child.pid);
  await Promise.all([one, many].map(({ gate }) => gate.child.stop()));
  return {
    instances: settings.instances,
    hotInstances: settings.hotInstances,
    accounts: settings.accounts,
    one: median(one),
    many: median(many),
    coldPerSecond: cold.requestsPerSecond,
    coldP99: cold.p99,
    startedMb,
    cachedMb,
    afterLoadMb,
  };
}
