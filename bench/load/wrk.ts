import { join } from "node:path";
import { checkout } from "@/server/folders";
import type { Bench } from "../bench";
import type { LoadRequest } from "../call";
import { requireTool } from "../machine";
import { BenchError } from "../options";
import { runToEnd } from "../processes";

/** One run of wrk. Times in milliseconds. */
export interface WrkRun {
  readonly requests: number;
  readonly requestsPerSecond: number;
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

function socketErrors(output: string): number {
  const counts = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output) ?? [];
  return counts.slice(1).reduce((sum, count) => sum + Number(count), 0);
}

/**
 * Reads what `wrk --latency` prints.
 *
 * @throws BenchError when it is not such a text
 */
export function parseWrkOutput(output: string): WrkRun {
  const run: WrkRun = {
    requests: Number(/^\s*(\d+) requests in /m.exec(output)?.[1]),
    requestsPerSecond: Number(/^Requests\/sec:\s*([\d.]+)/m.exec(output)?.[1]),
    p50: duration(/^\s+50%\s+(\S+)/m.exec(output)?.[1]),
    p99: duration(/^\s+99%\s+(\S+)/m.exec(output)?.[1]),
    errorAnswers: Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0),
    socketErrors: socketErrors(output),
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

const cycleScript = join(checkout, "bench", "load", "cycle.lua");

async function run(bench: Bench, seconds: number, args: readonly string[]): Promise<WrkRun> {
  const output = await runToEnd({
    command: requireTool("wrk"),
    args: [
      ...["--threads", "1", "--connections", String(bench.settings.connections)],
      ...["--duration", `${seconds}s`, "--timeout", "5s", "--latency", ...args],
    ],
    cpus: bench.cores.load,
    limitMs: (seconds + 20) * 1000,
  });
  return parseWrkOutput(output);
}

/** Sends the same request again and again, as fast as the answers come. */
export function wrkOne(bench: Bench, port: number, request: LoadRequest, seconds: number): Promise<WrkRun> {
  const headers = Object.entries(request.headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  return run(bench, seconds, [...headers, `http://127.0.0.1:${port}${request.path}`]);
}

/**
 * Goes through many calls in order, again and again, as fast as the answers come.
 *
 * @param callsFile from `writeCalls`
 */
export function wrkMany(bench: Bench, port: number, callsFile: string, seconds: number): Promise<WrkRun> {
  return run(bench, seconds, ["--script", cycleScript, `http://127.0.0.1:${port}/`, "--", callsFile]);
}
