import { z } from "zod";
import type { Bench } from "../bench";
import { programPath } from "../process/programs";
import { runToEnd } from "../process/run-to-end";

/** What the flood is asked to do. */
export const floodInput = z.object({
  port: z.number(),
  /** Paths of instances, called in turn. */
  paths: z.array(z.string()).min(1),
  /** How many callers there are, each with an address of its own; each calls once. */
  callers: z.number(),
  connections: z.number(),
});

/** What it found. */
export const floodResult = z.object({
  requestsPerSecond: z.number(),
  /** Answers other than 200. */
  wrong: z.number(),
});

export type FloodInput = z.infer<typeof floodInput>;
export type FloodResult = z.infer<typeof floodResult>;

const limitMs = 600_000;

/** Calls once from each of very many addresses, written in `X-Forwarded-For` as a trusted proxy would. */
export async function runFlood(bench: Bench, input: FloodInput): Promise<FloodResult> {
  const output = await runToEnd({
    command: process.execPath,
    args: [programPath("flood")],
    cpus: bench.cores.load,
    input: JSON.stringify(input),
    limitMs,
  });
  return floodResult.parse(JSON.parse(output));
}
