import { join } from "node:path";
import { checkout } from "@/server/folders";
import type { Bench } from "../bench";
import type { LoadRequest } from "../call";
import { pinned, requireTool } from "../machine";
import { BenchError } from "../options";
import { runToEnd } from "../processes";

/** One run of wrk. Times in milliseconds. */
export interface WrkRun {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers with a status of 400 or more. */
  readonly errorAnswers: number;
  /** Connections refused or broken, and answers that took too long. */
  readonly socketErrors: number;
}

const milliseconds: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function duration(text: string | undefined): number {
  const [, value, unit] = /^([\d.]+)(us|ms|s|m|h)$/.exec(text ?? "") ?? [];
  return Number(value) * (milliseconds[unit ?? ""] ?? Number.NaN);
}

/**
 * Reads what `wrk --latency` prints.
 *
 * @throws BenchError when it is not such a text
 */
export function parseWrkOutput(output: string): WrkRun {
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output) ?? [];
  const run: WrkRun = {
    requests: Number(/^\s*(\d+) requests in /m.exec(output)?.[1]),
    perSecond: Number(/^Requests\/sec:\s*([\d.]+)/m.exec(output)?.[1]),
    p50: duration(/^\s+50%\s+(\S+)/m.exec(output)?.[1]),
    p99: duration(/^\s+99%\s+(\S+)/m.exec(output)?.[1]),
    errorAnswers: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
    socketErrors: broken.slice(1).reduce((sum, count) => sum + Number(count), 0),
  };
  if (Object.values(run).some(Number.isNaN)) throw new BenchError("wrk printed something unexpected.");
  return run;
}

/** What every answer of a run must have been. */
export type ExpectedAnswer = "accepted" | "rejected";

/** Why a run does not count, or null when every answer was the right one. */
export function faultOf(run: WrkRun, expected: ExpectedAnswer): string | null {
  if (run.requests === 0) return "no answer at all";
  if (run.socketErrors > 0) return `${run.socketErrors} connections broke or timed out`;
  const right = expected === "accepted" ? run.requests - run.errorAnswers : run.errorAnswers;
  if (right === run.requests) return null;
  return `${run.requests - right} of ${run.requests} answers were not ${expected}`;
}

/**
 * Keeps the bench's number of connections busy from one thread on the cores of the load.
 *
 * @throws BenchError when an answer was not the expected one or a connection broke
 */
async function wrk(bench: Bench, seconds: number, expected: ExpectedAnswer, args: readonly string[]) {
  const connections = String(bench.settings.connections);
  const output = await runToEnd(
    ...pinned(bench.cores.load, requireTool("wrk"), [
      ...["--threads", "1", "--connections", connections, "--duration", `${seconds}s`],
      ...["--timeout", "5s", "--latency", ...args],
    ]),
    (seconds + 20) * 1000,
  );
  const run = parseWrkOutput(output);
  const fault = faultOf(run, expected);
  if (fault !== null) throw new BenchError(fault);
  return run;
}

/** Sends the same request again and again, as fast as the answers come. */
export function wrkOne(
  bench: Bench,
  { port, request, expected }: { port: number; request: LoadRequest; expected: ExpectedAnswer },
  seconds: number,
): Promise<WrkRun> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  return wrk(bench, seconds, expected, [...headers, `http://127.0.0.1:${port}${request.path}`]);
}

/**
 * Sends what requests.lua makes, as fast as the answers come.
 *
 * @param args `cycle` and a file of `writeCalls`, or `flood`, the first caller's number and paths
 * @param host the host name that is asked for, instead of the address
 */
export function wrkMany(
  bench: Bench,
  port: number,
  seconds: number,
  args: readonly string[],
  host?: string,
): Promise<WrkRun> {
  const named = host === undefined ? [] : ["-H", `Host: ${host}`];
  const script = join(checkout, "bench", "load", "requests.lua");
  return wrk(bench, seconds, "accepted", [
    ...named,
    "--script",
    script,
    `http://127.0.0.1:${port}/`,
    "--",
    ...args,
  ]);
}
