import type { Client } from "pg";
import type { Bench } from "../bench";
import { BenchError } from "../bench-error";
import { callBytes, requestOf } from "../call";
import { withDatabase } from "../database/seed";
import { smallDatabase } from "../database/small-database";
import { runConstantRate } from "../load/constant-rate";
import { awaitRightAnswer } from "../load/right-answer";
import { wrkOne } from "../load/wrk";
import { startGate } from "../peers/gate-process";
import type { RunningPeer } from "../peers/peer";
import { peakOf } from "./steady";

/** Where something was measured on several gates that were busy with other requests. */
export interface LoadedGates {
  readonly gates: number;
  /** Other requests per second that all gates together served meanwhile. */
  readonly load: number;
}

const gateCount = 4;
/** Of one gate's peak: the gates share a core, and the core of the load is the database's too. */
const loadShare = 0.25;
const limitSeconds = 240;

async function startGates(bench: Bench, databaseUrl: string): Promise<RunningPeer[]> {
  const gates: RunningPeer[] = [];
  for (let n = 1; n <= gateCount; n++) {
    const gate = await startGate(bench, { name: `gate-${n}-of-${gateCount}`, databaseUrl });
    gates.push(gate);
    await awaitRightAnswer(gate.child, gate.port, requestOf(bench.call), "accepted");
    await wrkOne(bench, gate.port, requestOf(bench.call), bench.settings.warmUpSeconds);
  }
  return gates;
}

/**
 * Runs four gates under load on one core, and something to be measured on them.
 *
 * @throws BenchError when an answer of the load was wrong
 */
export async function onFourGates<T>(
  bench: Bench,
  measure: (client: Client, ports: readonly number[]) => Promise<T>,
): Promise<T & LoadedGates> {
  const databaseUrl = await smallDatabase(bench);
  const gates = await startGates(bench, databaseUrl);
  const ports = gates.map(({ port }) => port);
  const enough = new AbortController();
  try {
    const requestsPerSecond = loadShare * (await peakOf(bench, ports[0] ?? 0));
    const loading = runConstantRate(
      bench,
      {
        ports,
        request: callBytes(bench.call),
        expectedStatus: 200,
        requestsPerSecond,
        warmUpSeconds: 0,
        seconds: limitSeconds,
        connections: 16,
      },
      enough.signal,
    );
    const measuring = withDatabase(databaseUrl, (client) => measure(client, ports)).finally(() =>
      enough.abort(),
    );
    const [found, load] = await Promise.all([measuring, loading]);
    if (load.wrong > 0) throw new BenchError(`${load.wrong} answers of the load were wrong or missing`);
    return { ...found, gates: gateCount, load: load.requestsPerSecond };
  } finally {
    await Promise.all(gates.map(({ child }) => child.stop()));
  }
}
