import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { type Bench, smallDatabase } from "../bench";
import { awaitRightAnswer, callBytes, requestOf } from "../call";
import { withDatabase } from "../database";
import { LoadConnection } from "../load/connection";
import { constantRate, perform } from "../load/tasks";
import { wrkOne } from "../load/wrk";
import { BenchError } from "../options";
import { type RunningPeer, startGate } from "../peers/latchkey";
import { processorMicros } from "../processes";
import { peakOf } from "./steady";

const limitMs = 5000;

/** Between two questions. Without a pause the questions themselves keep the gates' core busy altogether. */
const pauseMs = 2;

/** Asks one gate the same thing again and again on one connection. */
export class Probe {
  private constructor(
    private readonly connection: LoadConnection,
    private readonly request: string,
  ) {}

  /** @param request a whole HTTP/1.1 request */
  static async open(port: number, request: string): Promise<Probe> {
    return new Probe(await LoadConnection.open(port), request);
  }

  /** Status of one answer; 0 when the connection broke. */
  ask(): Promise<number> {
    return this.connection.ask(this.request);
  }

  /** The same after a pause of 2 ms, which is how exact times are: they are too long, never too short. */
  async askAgain(): Promise<number> {
    await sleep(pauseMs);
    return this.ask();
  }

  /**
   * Asks until the answer has this status.
   *
   * @returns when that answer had come, on the clock of `performance.now()`
   * @throws BenchError when it did not come within 5 s
   */
  async until(status: number): Promise<number> {
    const end = performance.now() + limitMs;
    for (let seen = await this.ask(); seen !== status; seen = await this.askAgain()) {
      if (performance.now() > end)
        throw new BenchError(`a gate did not answer ${status} within 5 s of a change`);
    }
    return performance.now();
  }

  /** Ends the connection. */
  close(): void {
    this.connection.close();
  }
}

/** Where something was measured on several gates that were busy with other requests. */
export interface LoadedGates {
  readonly gates: number;
  /** Other requests per second that all gates together served meanwhile. */
  readonly load: number;
  /** Share of their core's time that the gates used, between 0 and 1; null where that is not known. */
  readonly busy: number | null;
}

const gateCount = 4;
/**
 * Of one gate's peak. The gates share a core, where one request among few costs several times what one of a peak
 * does; with more, what is measured is the queue in front of a full core.
 */
const loadShare = 0.05;
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

function microsOf(gates: readonly RunningPeer[]): number | null {
  const each = gates.map(({ child }) => processorMicros(child.pid));
  return each.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

/** Does something and tells what share of their core's time the gates used meanwhile. */
async function watchingCore<T>(gates: readonly RunningPeer[], work: () => Promise<T>) {
  const [since, before] = [performance.now(), microsOf(gates)];
  const found = await work();
  const [tookMs, after] = [performance.now() - since, microsOf(gates)];
  const busy = before === null || after === null ? null : (after - before) / (tookMs * 1000);
  return { found, busy };
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
    const loading = perform(
      bench,
      constantRate,
      {
        ports,
        request: callBytes(bench.call),
        expectedStatus: 200,
        requestsPerSecond,
        warmUpSeconds: 0,
        seconds: limitSeconds,
        connections: 16,
      },
      { enough: enough.signal },
    );
    const measuring = watchingCore(gates, () =>
      withDatabase(databaseUrl, (client) => measure(client, ports)),
    ).finally(() => enough.abort());
    const [{ found, busy }, load] = await Promise.all([measuring, loading]);
    if (load.wrong > 0) throw new BenchError(`${load.wrong} answers of the load were wrong or missing`);
    return { ...found, gates: gateCount, load: load.requestsPerSecond, busy };
  } finally {
    await Promise.all(gates.map(({ child }) => child.stop()));
  }
}
