import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkout } from "@/server/checkout";
import { freePort } from "@/server/free-port";
import type { Bench } from "./bench";
import { BenchError, reasonOf } from "./bench-error";
import { newCall } from "./call";
import { openDatabases } from "./database/databases";
import { findCores, leaveServerCore } from "./machine/cores";
import { coresOfOthers } from "./machine/others";
import { requireTool } from "./machine/tools";
import { type Options, parseOptions, usage } from "./options";
import { Children } from "./process/children";
import { buildPrograms } from "./process/programs";
import { makeTempFolder } from "./process/temp-folder";
import { documentOf } from "./report/document";
import { printFailure, printJson, printReport, reserveStandardOutput, tell } from "./report/print";
import { isComplete, type Report } from "./report/report";
import { run } from "./run";
import { settingsFor } from "./settings";
import { startUpstream } from "./upstream";

async function prepare(options: Options): Promise<Bench> {
  const busy = await coresOfOthers();
  if (busy > 0.5) tell(`other programs keep ${busy.toFixed(1)} cores busy; the figures will suffer.`);
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
    tell,
  };
}

function publish(report: Report, options: Options): void {
  if (options.json) printJson(report);
  else printReport(report);
  if (!options.write) return;
  writeFileSync(join(checkout, "docs", "benchmarks.md"), documentOf(report));
  tell("wrote docs/benchmarks.md");
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
    printFailure(message);
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
  printFailure(expected ? reasonOf(error) : (error.stack ?? reasonOf(error)));
  process.exitCode = 1;
}
