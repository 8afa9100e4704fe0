import { z } from "zod";
import type { Bench } from "../bench";
import { programPath } from "../process/programs";
import { runToEnd } from "../process/run-to-end";

/** What the sweep is asked to do. */
export const sweepInput = z.object({
  port: z.number(),
  /** From `writeCalls`. */
  callsFile: z.string(),
  connections: z.number(),
});

/** What it found. Times in milliseconds. */
export const sweepResult = z.object({
  count: z.number(),
  requestsPerSecond: z.number(),
  p50: z.number(),
  p99: z.number(),
  /** Answers other than 200. */
  wrong: z.number(),
});

export type SweepInput = z.infer<typeof sweepInput>;
export type SweepResult = z.infer<typeof sweepResult>;

const limitMs = 300_000;

/** Makes every call of a file exactly once, so that a fresh gate must look each of them up. */
export async function runSweep(bench: Bench, input: SweepInput): Promise<SweepResult> {
  const output = await runToEnd({
    command: process.execPath,
    args: [programPath("sweep")],
    cpus: bench.cores.load,
    input: JSON.stringify(input),
    limitMs,
  });
  return sweepResult.parse(JSON.parse(output));
}
