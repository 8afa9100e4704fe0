import type { Bench } from "../bench";
import { BenchError } from "../bench-error";
import { callBytes, requestOf } from "../call";
import { smallDatabase } from "../database/small-database";
import { type ConstantRateResult, runConstantRate } from "../load/constant-rate";
import { awaitRightAnswer } from "../load/right-answer";
import { wrkOne } from "../load/wrk";
import { faultOf } from "../load/wrk-output";
import { startGate } from "../peers/gate-process";

/** The gate at half the most it can do. */
export interface SteadyResult extends ConstantRateResult {
  /** What it did at most, in requests per second. */
  readonly peak: number;
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

/** Finds the peak rate of one gate, then times requests that come at half of it whatever happens. */
export async function measureSteady(bench: Bench): Promise<SteadyResult> {
  const databaseUrl = await smallDatabase(bench);
  const { port, child } = await startGate(bench, { name: "gate-steady", databaseUrl });
  try {
    await awaitRightAnswer(child, port, requestOf(bench.call), "accepted");
    await wrkOne(bench, port, requestOf(bench.call), bench.settings.warmUpSeconds);
    const peak = await peakOf(bench, port);
    const result = await runConstantRate(bench, {
      ports: [port],
      request: callBytes(bench.call),
      expectedStatus: 200,
      requestsPerSecond: peak / 2,
      warmUpSeconds: bench.settings.warmUpSeconds,
      seconds: bench.settings.steadySeconds,
      connections: 64,
    });
    if (result.wrong > 0) throw new BenchError(`${result.wrong} answers were wrong or missing`);
    return { ...result, peak };
  } finally {
    await child.stop();
  }
}
