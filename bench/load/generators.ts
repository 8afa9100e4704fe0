import { z } from "zod";
import { config } from "@/lib/config";
import type { Bench } from "../bench";
import { programPath, runToEnd } from "../processes";
import type { Latencies } from "./latencies";

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
const constantRateResult = z.object({
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

/** What the sweep is asked to do. */
export const sweepInput = z.object({
  port: z.number(),
  /** From `writeCalls`. */
  callsFile: z.string(),
  connections: z.number(),
});

/** What it found. Times in milliseconds. */
const sweepResult = z.object({
  count: z.number(),
  requestsPerSecond: z.number(),
  p50: z.number(),
  p99: z.number(),
  /** Answers other than 200. */
  wrong: z.number(),
});

type SweepInput = z.infer<typeof sweepInput>;
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
const floodResult = z.object({
  requestsPerSecond: z.number(),
  /** Answers other than 200. */
  wrong: z.number(),
});

type FloodInput = z.infer<typeof floodInput>;
export type FloodResult = z.infer<typeof floodResult>;

const floodLimitMs = 600_000;

/** Calls once from each of very many addresses, written in `X-Forwarded-For` as a trusted proxy would. */
export async function runFlood(bench: Bench, input: FloodInput): Promise<FloodResult> {
  const output = await runToEnd({
    command: process.execPath,
    args: [programPath("flood")],
    cpus: bench.cores.load,
    input: JSON.stringify(input),
    limitMs: floodLimitMs,
  });
  return floodResult.parse(JSON.parse(output));
}

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

type PreflightInput = z.infer<typeof preflightInput>;

const preflightReadsLimitMs = 900_000;

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
    limitMs: preflightReadsLimitMs,
    ...(enough && { enough }),
  });
  return preflightResult.parse(JSON.parse(output));
}
