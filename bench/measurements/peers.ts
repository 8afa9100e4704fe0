import type { Bench } from "../bench";
import { awaitRightAnswer, type LoadRequest, requestOf } from "../call";
import { medianBy } from "../load/latencies";
import { faultOf, type WrkRun, wrkOne } from "../load/wrk";
import { BenchError, failureReason } from "../options";
import {
  gateAccepting,
  gateForwarding,
  gateRejecting,
  gateRejectingLogged,
  type Peer,
  type RunningPeer,
  routeHandler,
} from "../peers/latchkey";
import { caddy, express, fastify, haproxy, nginx, nodeHttp, undici } from "../peers/proxies";
import { processorMicros } from "../processes";

/** Everything that can be measured, in the order of the table. */
export const allPeers: readonly Peer[] = [
  gateAccepting,
  gateRejecting,
  gateRejectingLogged,
  gateForwarding,
  routeHandler,
  nodeHttp,
  undici,
  fastify,
  express,
  caddy,
  nginx,
  haproxy,
];

/**
 * The peers with these names, or all of them.
 *
 * @throws BenchError for a name that there is not
 */
export function choosePeers(only: readonly string[] | null): readonly Peer[] {
  if (only === null) return allPeers;
  const unknown = only.find((name) => !allPeers.some((peer) => peer.name === name));
  if (unknown === undefined) return allPeers.filter((peer) => only.includes(peer.name));
  const known = allPeers.map((peer) => peer.name).join(", ");
  throw new BenchError(`there is no peer "${unknown}"; there are: ${known}`);
}

/** What was measured of one peer. */
export interface PeerResult {
  readonly name: string;
  readonly label: string;
  readonly version: string;
  readonly runs: readonly WrkRun[];
  /** The run in the middle by requests per second; null when the measurement failed. */
  readonly median: WrkRun | null;
  /** Processor time of the server for one request, in microseconds, over all runs; null when unknown. */
  readonly microsPerRequest: number | null;
  /** Why it failed, in one line or more. */
  readonly failure: string | null;
}

interface Entry {
  readonly peer: Peer;
  readonly runs: WrkRun[];
  running: RunningPeer | null;
  micros: number;
  failure: string | null;
}

function requestTo(bench: Bench, running: RunningPeer): LoadRequest {
  return running.request ?? requestOf(bench.call);
}

async function attempt(entry: Entry, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    entry.failure = failureReason(error);
  }
}

async function start(bench: Bench, entry: Entry): Promise<void> {
  const running = await entry.peer.start(bench);
  entry.running = running;
  const request = requestTo(bench, running);
  await awaitRightAnswer(running.child, running.port, request, entry.peer.expected);
  await wrkOne(bench, running.port, request, bench.settings.warmUpSeconds);
}

async function measure(bench: Bench, entry: Entry): Promise<void> {
  if (entry.running === null || entry.failure !== null) return;
  const { port } = entry.running;
  const { pid } = entry.running.child;
  const before = processorMicros(pid);
  const run = await wrkOne(bench, port, requestTo(bench, entry.running), bench.settings.runSeconds);
  entry.runs.push(run);
  entry.micros += (processorMicros(pid) ?? Number.NaN) - (before ?? Number.NaN);
  entry.failure = faultOf(run, entry.peer.expected);
}

function resultOf({ peer, running, runs, micros, failure }: Entry): PeerResult {
  const requests = runs.reduce((sum, run) => sum + run.requests, 0);
  return {
    name: peer.name,
    label: peer.label,
    version: running?.version ?? "",
    runs,
    median: failure === null ? (medianBy(runs, (run) => run.requestsPerSecond) ?? null) : null,
    microsPerRequest: failure === null && Number.isFinite(micros) ? micros / requests : null,
    failure,
  };
}

/**
 * Measures peers beside each other. All are started and warmed up first; then every round measures each
 * once, so that a machine that speeds up or slows down does so for all of them.
 */
export async function measurePeers(bench: Bench, peers: readonly Peer[]): Promise<PeerResult[]> {
  const entries = peers.map((peer): Entry => ({ peer, runs: [], running: null, micros: 0, failure: null }));
  for (const entry of entries) {
    bench.progress(`starting and warming up: ${entry.peer.label}`);
    await attempt(entry, () => start(bench, entry));
    if (entry.failure !== null) bench.progress(`  failed: ${entry.failure}`);
  }
  for (let round = 1; round <= bench.settings.rounds; round++) {
    bench.progress(`round ${round} of ${bench.settings.rounds}`);
    for (const entry of entries) await attempt(entry, () => measure(bench, entry));
  }
  await Promise.all(entries.map((entry) => entry.running?.child.stop()));
  return entries.map(resultOf);
}
