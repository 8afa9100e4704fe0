import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { type Bench, startUpstream } from "./bench";
import { newCall } from "./call";
import { openDatabases } from "./database";
import { coresOfOthers, describeMachine, findCores, leaveServerCore, requireTool } from "./machine";
import { measureFlood } from "./measurements/flood";
import { measureGrowth } from "./measurements/growth";
import { choosePeers, measurePeers } from "./measurements/peers";
import { measurePropagation } from "./measurements/propagation";
import { measureReplacement } from "./measurements/replacement";
import { measureSteady } from "./measurements/steady";
import {
  BenchError,
  failureReason,
  type MeasurementName,
  type Options,
  parseOptions,
  settingsFor,
  usage,
} from "./options";
import { buildPrograms, Children, makeTempFolder } from "./processes";
import { isComplete, type Measurement, type Report } from "./report/report";
import {
  documentOf,
  printError,
  printJson,
  printProgress,
  printReport,
  reserveStandardOutput,
} from "./report/write";

/** Makes one measurement; a failure of one is part of the report and does not end the others. */
async function outcome<T>(bench: Bench, name: string, work: () => Promise<T>): Promise<Measurement<T>> {
  bench.progress(`measuring ${name}`);
  try {
    return { value: await work(), failure: null };
  } catch (error) {
    bench.progress(`  failed: ${failureReason(error)}`);
    return { value: null, failure: failureReason(error) };
  } finally {
    await bench.children.stopBut("upstream");
  }
}

/**
 * Makes the chosen measurements, one after the other.
 *
 * @throws BenchError for a peer that there is not
 */
export async function run(bench: Bench, options: Options): Promise<Report> {
  const peers = choosePeers(options.only);
  const wants = (name: MeasurementName) => options.measurements.includes(name);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(bench.cores),
    settings: bench.settings,
    peers: wants("peers") ? await measurePeers(bench, peers) : null,
    steady: wants("steady")
      ? await outcome(bench, "latency at half the peak rate", () => measureSteady(bench))
      : null,
    growth: wants("growth") ? await outcome(bench, "growth", () => measureGrowth(bench)) : null,
    propagation: wants("propagation")
      ? await outcome(bench, "propagation of changes", () => measurePropagation(bench))
      : null,
    replacement: wants("replacement")
      ? await outcome(bench, "replaced tokens", () => measureReplacement(bench))
      : null,
    flood: wants("flood") ? await outcome(bench, "a flood of callers", () => measureFlood(bench)) : null,
  };
}

async function prepare(options: Options): Promise<Bench> {
  const busy = await coresOfOthers();
  if (busy > 0.5)
    printProgress(`other programs keep ${busy.toFixed(1)} cores busy; the figures will suffer.`);
  for (const tool of ["wrk", "nginx"] as const) requireTool(tool);
  const cores = findCores();
  leaveServerCore(cores);
  // A secret of this run alone: digests in its databases fit its own gates and nothing else.
  process.env.LATCHKEY_SECRET = randomBytes(32).toString("base64url");
  await buildPrograms();
  const folder = makeTempFolder();
  return {
    settings: settingsFor(options.quick),
    cores,
    folder,
    children: new Children(folder),
    upstreamPort: await freePort(),
    call: newCall(),
    databases: openDatabases(process.env.DATABASE_URL),
    profile: options.profile === null ? null : resolve(options.profile),
    progress: printProgress,
  };
}

function publish(report: Report, options: Options): void {
  if (options.json) printJson(report);
  else printReport(report);
  if (!options.write) return;
  writeFileSync(join(checkout, "docs", "benchmarks.md"), documentOf(report));
  printProgress("wrote docs/benchmarks.md");
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  reserveStandardOutput();
  const bench = await prepare(options);
  const close = async () => {
    await bench.children.stopAll();
    await bench.databases.close();
  };
  const leave = (message: string, code: number) => {
    printError(message);
    void close().finally(() => process.exit(code));
  };
  process.once("SIGINT", () => leave("interrupted.", 130)).once("SIGTERM", () => leave("ended.", 143));
  const { limitSeconds } = bench.settings;
  setTimeout(() => leave(`cut off after ${limitSeconds} s.`, 1), limitSeconds * 1000).unref();
  try {
    await startUpstream(bench);
    const report = await run(bench, options);
    publish(report, options);
    if (!isComplete(report)) process.exitCode = 1;
  } finally {
    await close();
  }
}

try {
  if (process.argv.includes("--help")) process.stdout.write(usage);
  else await main();
} catch (error) {
  const expected = error instanceof BenchError || !(error instanceof Error);
  printError(expected ? failureReason(error) : (error.stack ?? failureReason(error)));
  process.exitCode = 1;
}
