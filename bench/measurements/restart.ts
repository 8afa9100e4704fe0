import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/server/http/listen";
import { waitUntil } from "@/server/processes";
import { awaitRightAnswer, type Bench, largeDatabase } from "../bench";
import { type Call, callBytes, requestOf } from "../call";
import { withDatabase } from "../database";
import { percentile, sendAtConstantRate } from "../load/open-loop";
import { wrkMany } from "../load/wrk";
import { requireTool } from "../machine";
import { failureReason } from "../options";
import { haproxyConfiguration } from "../peers";
import { memoryMb } from "../processes";
import { type Figure, pairwise, type Section } from "../report";
import { type MeasuredGate, refuseWrong, startGate } from "./gates";

/** One worker for the gate's one core, as a gate has by default, and two, which share that core here. */
const workerCounts = [1, 2] as const;

/** A gate that is not warm so long after its start is never warm by itself. */
const patienceMs = 10_000;

/** Waits until every worker holds the instances; false when they do not in time. */
function areHeld(gate: MeasuredGate, instances: number, withinMs: number) {
  // A gate answers callers a moment before it tells its metrics.
  const held = async () => (await gate.policies().catch(() => ({ held: 0 }))).held;
  return waitUntil(async () => (await held()) >= instances, { withinMs, everyMs: 20 });
}

/** Notes that each hot instance was called this hour, as gates do when it was. */
async function noteCalls(url: string, calls: readonly Call[]): Promise<void> {
  await withDatabase(url, async (client) => {
    await client.query(
      `insert into "TrafficHour" ("instanceId", "hour", "outcome", "token", "requests")
       select id, date_trunc('hour', now()), 'accepted', 'current', 1 from unnest($1::text[]) as called(id)
       on conflict do nothing`,
      [calls.map(({ instanceId }) => instanceId)],
    );
    await client.query('vacuum analyze "TrafficHour"');
  });
}

/** One start of a gate with so many workers on instances that were called before. */
async function startOnce(bench: Bench, workers: number) {
  const { url, calls, file } = await largeDatabase(bench);
  const gate = await startGate(bench, {
    url,
    call: calls[0] ?? bench.call,
    env: { GATE_WORKERS: String(workers) },
  });
  let seconds = Number.POSITIVE_INFINITY;
  if (await areHeld(gate, workers * calls.length, patienceMs))
    seconds = (performance.now() - gate.startedAt) / 1000;
  const { misses } = await gate.policies();
  await wrkMany(bench, gate.port, bench.settings.run, ["cycle", file]);
  if ((await gate.policies()).misses > misses) seconds = Number.POSITIVE_INFINITY;
  const mb = memoryMb(gate.child.pid);
  await gate.child.stop();
  return { seconds, mb };
}

/** HAProxy on the cores of the load, which asks both gates ten times a second whether they are ready. */
async function startBalancer(bench: Bench, gates: readonly MeasuredGate[]): Promise<number> {
  const port = await freePort();
  const file = join(bench.folder, "balancer.cfg");
  const servers = gates.map(({ port: at, adminPort }, n) => {
    return `  server gate${n} 127.0.0.1:${at} check port ${adminPort} inter 100ms fall 1 rise 1`;
  });
  // A busy gate takes its time to answer, and is none the less there.
  const backend = [
    "  option httpchk GET /readyz",
    "  timeout check 5s",
    // A connection that one refuses goes to the other.
    "  option redispatch 1",
    "  retry-on conn-failure empty-response",
    ...servers,
  ];
  writeFileSync(file, haproxyConfiguration(port, "", backend.join("\n")));
  const spec = { command: requireTool("haproxy"), args: ["-db", "-f", file], cpus: bench.cores.load };
  const child = bench.children.start({ name: "balancer", ...spec });
  const request = gates[0]?.request ?? requestOf(bench.call);
  await awaitRightAnswer({ child, port, request, expected: "accepted" });
  return port;
}

/** Restarts one of two gates behind a balancer, under load, round after round. Times in milliseconds. */
async function deploys(bench: Bench) {
  const { url, calls, file } = await largeDatabase(bench);
  const call = calls[0] ?? bench.call;
  const steady = await startGate(bench, { url, call });
  let restarted = await startGate(bench, { url, call });
  const port = await startBalancer(bench, [steady, restarted]);
  await wrkMany(bench, port, bench.settings.warmUp, ["cycle", file]);
  const perSecond = (await wrkMany(bench, port, bench.settings.run, ["cycle", file])).perSecond / 4;
  const requests = calls.map(callBytes);
  const send = async (seconds: number, enough?: AbortSignal) => {
    const request = (n: number) => requests[n % requests.length] ?? "";
    const load = { ports: [port], request, perSecond, warmUp: 0, seconds, connections: 64 };
    const { times, wrong } = await sendAtConstantRate({ ...load, ...(enough && { enough }) });
    refuseWrong(wrong);
    return percentile(times, 0.99);
  };
  const rounds: { before: number; during: number }[] = [];
  for (let round = 1; round <= bench.settings.rounds; round++) {
    bench.progress(`deploy ${round} of ${bench.settings.rounds}`);
    const before = await send(bench.settings.run);
    const over = new AbortController();
    const sending = send(60, over.signal);
    const { port: at, adminPort } = restarted;
    await restarted.child.stop();
    restarted = await startGate(bench, { url, call, port: at, adminPort });
    await sleep(1000);
    over.abort();
    rounds.push({ before, during: await sending });
  }
  return { perSecond, rounds };
}

/** How soon a started gate is warm, what memory it takes, and what callers feel when one of two is restarted. */
export async function measureRestart(bench: Bench): Promise<Section> {
  const { url, calls } = await largeDatabase(bench);
  await noteCalls(url, calls);
  const starts = workerCounts.map((): Awaited<ReturnType<typeof startOnce>>[] => []);
  for (let round = 1; round <= bench.settings.rounds; round++) {
    bench.progress(`start ${round} of ${bench.settings.rounds}`);
    for (const [at, workers] of workerCounts.entries()) starts[at]?.push(await startOnce(bench, workers));
  }
  const [ofOne = [], ofTwo = []] = starts;
  const failures: string[] = [];
  const { perSecond, rounds } = await deploys(bench).catch((error: unknown) => {
    failures.push(`deploys: ${failureReason(error)}`);
    return { perSecond: Number.NaN, rounds: [] };
  });
  const [before, during] = [rounds.map((each) => each.before), rounds.map((each) => each.during)];
  const hot = bench.settings.hotInstances.toLocaleString("en");
  const rate = rounds.length > 0 ? ` at ${Math.round(perSecond).toLocaleString("en")} requests/s` : "";
  const figures: Figure[] = [
    {
      label: `start of a gate → ${hot} instances answered without a look-up`,
      unit: "s",
      values: ofOne.map(({ seconds }) => seconds),
      target: { bound: "at most", limit: 2 },
    },
    {
      label: "The same with two workers on its core",
      unit: "s",
      values: ofTwo.map(({ seconds }) => seconds),
    },
    {
      label: `memory of a machine's gate with two workers and ${hot} instances, after load`,
      unit: "MB",
      values: ofTwo.map(({ mb }) => mb),
      target: { bound: "at most", limit: 250 },
    },
    { label: `p99 of two gates${rate}`, unit: "ms", values: before },
    { label: "The same while one of them is restarted", unit: "ms", values: during },
    {
      label: "p99 while one of two gates is restarted − p99 before",
      unit: "ms",
      values: pairwise(during, before, (a, b) => a - b),
      target: { bound: "at most", limit: 5 },
    },
  ];
  return {
    name: "restart",
    title: "Starts and deploys",
    figures,
    failures,
    notes: `- A start is that of a gate whose instances were called before, with one worker for its one core as by default. It is warm when
  each worker holds all of them by its own metrics, and when calling them all afterwards then takes no look-up in the database;
  ∞ means not within ${patienceMs / 1000} s.
- Memory is the sum of the proportional set sizes (PSS) of every process of the gate, the first one included, in 10^6 bytes.
- In a deploy one of two gates of one worker is told to end and started again on the same core, at a quarter of their peak
  rate. HAProxy in front asks both ten times a second whether they are ready. The time of a deploy is from the signal until
  a second after the gate answers again.
`,
  };
}
