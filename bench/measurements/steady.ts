import { type Bench, smallDatabase } from "../bench";
import { awaitRightAnswer, callBytes, requestOf } from "../call";
import { type ConstantRateResult, constantRate, perform } from "../load/tasks";
import { faultOf, wrkOne } from "../load/wrk";
import { BenchError } from "../options";
import { type RunningPeer, startGate } from "../peers/latchkey";
import { undici } from "../peers/proxies";

/** The gate at half the most it can do. */
export interface SteadyResult extends ConstantRateResult {
  /** What it did at most, in requests per second. */
  readonly peak: number;
  /** What is not the gate's doing: a bare undici proxy at the same rate. */
  readonly bare: ConstantRateResult;
}

/**
 * The most requests per second that a gate accepts.
 *
 * @throws BenchError when an answer was wrong
 */
export async function peakOf(bench: Bench, port: number): Promise<number> {
  const run = await wrkOne(bench, port, requestOf(bench.call), bench.settings.runSeconds);
  const fault = faultOf(run, "accepted");
  if (fault !== null) throw new BenchError(fault);
  return run.requestsPerSecond;
}

function steadyTimes(bench: Bench, port: number, requestsPerSecond: number): Promise<ConstantRateResult> {
  return perform(bench, constantRate, {
    ports: [port],
    request: callBytes(bench.call),
    expectedStatus: 200,
    requestsPerSecond,
    warmUpSeconds: bench.settings.warmUpSeconds,
    seconds: bench.settings.steadySeconds,
    connections: 64,
  });
}

/** Warms up what was started, and stops it when the work is done. */
async function whileWarm<T>(bench: Bench, { port, child }: RunningPeer, work: () => Promise<T>): Promise<T> {
  try {
    await awaitRightAnswer(child, port, requestOf(bench.call), "accepted");
    await wrkOne(bench, port, requestOf(bench.call), bench.settings.warmUpSeconds);
    return await work();
  } finally {
    await child.stop();
  }
}

/** Finds the peak rate of one gate, then times requests that come at half of it whatever happens. */
export async function measureSteady(bench: Bench): Promise<SteadyResult> {
  const databaseUrl = await smallDatabase(bench);
  const gate = await startGate(bench, { name: "gate-steady", databaseUrl });
  const found = await whileWarm(bench, gate, async () => {
    const peak = await peakOf(bench, gate.port);
    return { peak, ...(await steadyTimes(bench, gate.port, peak / 2)) };
  });
  if (found.wrong > 0) throw new BenchError(`${found.wrong} answers were wrong or missing`);
  // It loses a request now and then with a connection that ends just when it is used again.
  const proxy = await undici.start(bench);
  const bare = await whileWarm(bench, proxy, () => steadyTimes(bench, proxy.port, found.peak / 2));
  return { ...found, bare };
}
