import { z } from "zod";
import type { Bench } from "../bench";
import { programPath } from "../process/programs";
import { runToEnd } from "../process/run-to-end";

/** What the generator is asked to do. */
export const constantRateInput = z.object({
  /** Servers, asked in turn. */
  ports: z.array(z.number()).min(1),
  /** One whole HTTP/1.1 request. */
  request: z.string(),
  expectedStatus: z.number(),
  requestsPerSecond: z.number().positive(),
  /** Seconds of load that are not counted. */
  warmUpSeconds: z.number(),
  seconds: z.number(),
  /** Connections to each server; a request that finds none free waits, and its clock runs. */
  connections: z.number(),
});

/** What it found. Times in milliseconds, from the moment a request was let go until its answer was complete. */
export const constantRateResult = z.object({
  requestsPerSecond: z.number(),
  count: z.number(),
  p50: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
  /** Answers with another status, and requests without an answer. */
  wrong: z.number(),
  /** How late the generator let go, at its 99th percentile; not part of the times above. */
  lagP99: z.number(),
});

export type ConstantRateInput = z.infer<typeof constantRateInput>;
export type ConstantRateResult = z.infer<typeof constantRateResult>;

/**
 * Sends requests at a constant rate whether or not answers come, in a process of its own, so that a slow
 * answer does not hide the wait of those behind it (coordinated omission).
 *
 * @param enough ends the load early; what was measured until then is the result
 */
export async function runConstantRate(
  bench: Bench,
  input: ConstantRateInput,
  enough?: AbortSignal,
): Promise<ConstantRateResult> {
  const output = await runToEnd({
    command: process.execPath,
    args: [programPath("constant-rate")],
    cpus: bench.cores.load,
    input: JSON.stringify(input),
    limitMs: (input.warmUpSeconds + input.seconds + 30) * 1000,
    ...(enough && { enough }),
  });
  return constantRateResult.parse(JSON.parse(output));
}
