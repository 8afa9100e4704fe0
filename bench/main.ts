import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import type { Bench } from "./bench";
import { newCall } from "./call";
import { openDatabases } from "./database";
import { coresOfOthers, describeMachine, findCores, leaveServerCore, requireTool } from "./machine";
import { measurePropagation, measureReplacement } from "./measurements/changes";
import { measureFlood } from "./measurements/flood";
import { measureGrowth } from "./measurements/growth";
import { measureNaming } from "./measurements/naming";
import { measurePage } from "./measurements/page";
import { measurePages } from "./measurements/pages";
import { measureRestart } from "./measurements/restart";
import { measurePeers } from "./measurements/side-by-side";
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
import { allPeers, peerNamed, startUpstream } from "./peers";
import { Children } from "./processes";
import { documentOf, isMet, type Report, type Section } from "./report";

const print = (line: string) => process.stderr.write(`bench: ${line}\n`);

/** Makes one measurement; a failure of one is part of the report and does not end the others. */
async function make(bench: Bench, name: MeasurementName, measure: (bench: Bench) => Promise<Section>) {
  print(`measuring ${name}`);
  try {
    return await measure(bench);
  } catch (error) {
    print(`  failed: ${failureReason(error)}`);
    return { name, title: name, figures: [], failures: [failureReason(error)], notes: "" };
  } finally {
    await bench.children.stopAll("upstream");
  }
}

async function run(bench: Bench, { measurements, only }: Options): Promise<Report> {
  const peers = only?.map((name) => peerNamed(name, bench.against)) ?? allPeers(bench.against);
  const all: Record<MeasurementName, (bench: Bench) => Promise<Section>> = {
    peers: () => measurePeers(bench, peers),
    page: measurePage,
    pages: measurePages,
    steady: measureSteady,
    growth: measureGrowth,
    naming: measureNaming,
    restart: measureRestart,
    propagation: measurePropagation,
    replacement: measureReplacement,
    flood: measureFlood,
  };
  const sections: Section[] = [];
  for (const name of measurements) sections.push(await make(bench, name, all[name]));
  const date = new Date().toISOString().slice(0, 10);
  return { date, machine: describeMachine(bench.cores), settings: bench.settings, sections };
}

async function prepare(options: Options): Promise<Bench> {
  const busy = await coresOfOthers();
  if (busy > 0.5) print(`other programs keep ${busy.toFixed(1)} cores busy; the figures will suffer.`);
  for (const tool of ["wrk", "nginx"] as const) requireTool(tool);
  const cores = findCores();
  leaveServerCore(cores);
  // A secret of this run alone: digests in its databases fit its own gates and nothing else.
  process.env.LATCHKEY_SECRET = randomBytes(32).toString("base64url");
  const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return {
    settings: settingsFor(options),
    cores,
    folder,
    children: new Children(folder),
    upstreamPort: await freePort(),
    call: newCall(),
    databases: openDatabases(process.env.DATABASE_URL),
    against: options.against,
    profile: options.profile === null ? null : resolve(options.profile),
    progress: (line) => print(`  ${line}`),
  };
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const writeReport = process.stdout.write.bind(process.stdout);
  // Standard output is for the report alone, whatever the embedded database prints for example.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const bench = await prepare(options);
  const close = async () => {
    await bench.children.stopAll();
    await bench.databases.close();
  };
  const leave = (message: string, code: number) => {
    print(message);
    void close().finally(() => process.exit(code));
  };
  process.once("SIGINT", () => leave("interrupted.", 130)).once("SIGTERM", () => leave("ended.", 143));
  const { limit } = bench.settings;
  setTimeout(() => leave(`cut off after ${limit} s.`, 1), limit * 1000).unref();
  try {
    await startUpstream(bench);
    const report = await run(bench, options);
    const { sections } = report;
    const targets = sections.flatMap(({ figures }) =>
      figures.flatMap((each) => (each.target ? [{ ...each, met: isMet(each) }] : [])),
    );
    writeReport(options.json ? `${JSON.stringify({ ...report, targets }, null, 2)}\n` : documentOf(report));
    if (options.write) {
      writeFileSync(join(checkout, "docs", "contributing", "benchmarks.md"), documentOf(report));
      print("wrote docs/contributing/benchmarks.md");
    }
    if (sections.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
  } finally {
    await close();
  }
}

try {
  if (process.argv.includes("--help")) process.stdout.write(usage);
  else await main();
} catch (error) {
  const expected = error instanceof BenchError || !(error instanceof Error);
  print(expected ? failureReason(error) : (error.stack ?? failureReason(error)));
  process.exitCode = 1;
}
