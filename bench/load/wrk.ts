import { join } from "node:path";
import { checkout } from "@/server/checkout";
import type { Bench } from "../bench";
import type { LoadRequest } from "../call";
import { requireTool } from "../machine/tools";
import { runToEnd } from "../process/run-to-end";
import { parseWrkOutput, type WrkRun } from "./wrk-output";

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
