import { z } from "zod";
import { config } from "@/lib/config";
import type { Bench } from "../bench";
import { programPath } from "../process/programs";
import { runToEnd } from "../process/run-to-end";
import type { Latencies } from "./percentile";

/** What the reader is asked to do. */
export const preflightInput = z.object({
  accountId: z.string(),
  /** It reads so often, unless it is stopped before, with a pause after each. */
  reads: z.number(),
  pauseMs: z.number(),
});

const preflightResult = z.object({
  count: z.number(),
  p50: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
});

export type PreflightInput = z.infer<typeof preflightInput>;

const limitMs = 900_000;

/**
 * Reads an account's preflight as its page does, again and again, in a process of its own.
 *
 * @param enough ends it early; what was read until then is the result
 */
export async function runPreflightReads(
  bench: Bench,
  databaseUrl: string,
  input: PreflightInput,
  enough?: AbortSignal,
): Promise<Latencies> {
  const output = await runToEnd({
    command: process.execPath,
    args: [programPath("preflight-reads")],
    env: { DATABASE_URL: databaseUrl, LATCHKEY_SECRET: config().secret },
    cpus: bench.cores.load,
    input: JSON.stringify(input),
    limitMs,
    ...(enough && { enough }),
  });
  return preflightResult.parse(JSON.parse(output));
}
