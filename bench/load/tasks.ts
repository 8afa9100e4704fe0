import { z } from "zod";
import type { Bench } from "../bench";
import { programPath, runToEnd } from "../processes";
import { latencies } from "./latencies";

/** Work that a process of its own does (`generate.ts`): it reads the input as JSON and prints the result as JSON. */
interface Task<Input, Result> {
  readonly name: string;
  readonly input: z.ZodType<Input>;
  readonly result: z.ZodType<Result>;
  /** It is ended when it takes longer. */
  readonly limitSeconds: number;
}

function task<Input, Result>(
  name: string,
  limitSeconds: number,
  input: z.ZodType<Input>,
  result: z.ZodType<Result>,
): Task<Input, Result> {
  return { name, limitSeconds, input, result };
}

/**
 * Has a task done on the cores of the load.
 *
 * @param enough ends it early; what was measured until then is the result
 * @throws BenchError when it fails or takes too long
 */
export async function perform<Input, Result>(
  bench: Bench,
  { name, result, limitSeconds }: Task<Input, Result>,
  input: Input,
  { enough, env = {} }: { enough?: AbortSignal; env?: Readonly<Record<string, string>> } = {},
): Promise<Result> {
  const output = await runToEnd({
    command: process.execPath,
    args: [programPath("generate"), name],
    env,
    cpus: bench.cores.load,
    input: JSON.stringify(input),
    limitMs: limitSeconds * 1000,
    ...(enough && { enough }),
  });
  return result.parse(JSON.parse(output));
}

/** Answers that came, and how many were none or not the right one. */
const served = { requestsPerSecond: z.number(), wrong: z.number() };

/**
 * Sends requests at a constant rate whether or not answers come, so that a slow answer does not hide the wait of those
 * behind it (coordinated omission). Times run from the moment a request was let go until its answer was complete.
 */
export const constantRate = task(
  "constant-rate",
  300,
  z.object({
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
  }),
  latencies.extend({
    ...served,
    /** How late the generator let go, at its 99th percentile; not part of the times above. */
    lagP99: z.number(),
  }),
);

export type ConstantRate = z.infer<typeof constantRate.input>;
export type ConstantRateResult = z.infer<typeof constantRate.result>;

/** Makes every call of a file exactly once, so that a fresh gate must look each of them up. */
export const sweep = task(
  "sweep",
  300,
  z.object({
    port: z.number(),
    /** From `writeCalls`. */
    callsFile: z.string(),
    connections: z.number(),
  }),
  latencies.extend(served),
);

/** Calls once from each of very many addresses, written in `X-Forwarded-For` as a trusted proxy would. */
export const flood = task(
  "flood",
  600,
  z.object({
    port: z.number(),
    /** Paths of instances, called in turn. */
    paths: z.array(z.string()).min(1),
    /** How many callers there are, each with an address of its own; each calls once. */
    callers: z.number(),
    connections: z.number(),
  }),
  z.object(served),
);

/** Reads an account's preflight as its page does, again and again. Needs `DATABASE_URL` and `LATCHKEY_SECRET`. */
export const preflightReads = task(
  "preflight-reads",
  900,
  z.object({
    accountId: z.string(),
    /** It reads so often, unless it is stopped before, with a pause after each. */
    reads: z.number(),
    pauseMs: z.number(),
  }),
  latencies,
);
