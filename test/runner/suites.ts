import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "@/server/folders";
import { supervise } from "@/server/supervise";
import {
  playwrightFailures,
  playwrightTally,
  settle,
  sumTallies,
  type Tally,
  vitestFailures,
  vitestTally,
} from "./reports";

/** Where reports, screenshots and the servers' logs are kept. */
export const resultsFolder = join(checkout, "test-results");

/** How a suite ended, and what failed in it, a line each. */
export interface SuiteResult extends Tally {
  readonly failures: readonly string[];
}

type Environment = Readonly<Record<string, string>>;

/** @param shown when what it prints is: suites side by side are told apart by waiting for the end */
async function run(
  script: string,
  args: readonly string[],
  env: Environment,
  shown: "at once" | "at the end" | "if it fails",
): Promise<boolean> {
  const output = shown === "at once" ? "inherit" : "pipe";
  const child = spawn(process.execPath, [join(checkout, "node_modules", script), ...args], {
    cwd: checkout,
    env: { ...process.env, ...env },
    stdio: ["ignore", output, output],
  });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece) => pieces.push(piece));
  const [code] = await once(child, "close");
  const passed = code === 0;
  if (!(passed && shown === "if it fails")) process.stdout.write(Buffer.concat(pieces));
  return passed;
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** A check of the whole checkout that counts as one test. */
export async function check(
  script: string,
  args: readonly string[],
  env: Environment = {},
): Promise<SuiteResult> {
  const passed = await run(script, args, env, "if it fails");
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, failures: [] };
}

/**
 * Loads the files of `npm run chaos` and runs none of their tests. Playwright refuses imports that types allow, and else
 * nobody would know before those journeys run.
 */
export async function loadChaos(): Promise<SuiteResult> {
  const journeys = ["test", "--list", "--reporter=list"];
  const tests = ["list", "--project", "chaos", "--no-static-parse"];
  const [one, other] = await Promise.all([
    check("@playwright/test/cli.js", journeys, { LATCHKEY_TEST_LONG: "1" }),
    check("vitest/vitest.mjs", tests, { NODE_ENV: "test" }),
  ]);
  return { ...sumTallies([one, other]), failures: [] };
}

/** The projects of vitest.config.ts whose names begin so, or only the given files of it. */
export async function vitest(
  project: string,
  env: Environment,
  files: readonly string[] = [],
): Promise<SuiteResult> {
  const report = join(resultsFolder, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${report}`];
  // One at a time where tests share a server.
  const flags = project === "unit" || project === "db" ? [] : ["--no-file-parallelism"];
  const args = ["run", "--project", `${project}*`, ...reporters, ...flags, ...files];
  // What takes long says how far it is.
  const shown = project === "chaos" || project === "deploy" ? "at once" : "at the end";
  const endedWell = await run("vitest/vitest.mjs", args, { ...env, NODE_ENV: "test" }, shown);
  const content = readReport(report);
  return { ...settle(vitestTally(content), endedWell), failures: vitestFailures(content) };
}

/** The browser journeys, or only the given files of them. */
export async function playwright(env: Environment, files: readonly string[] = []): Promise<SuiteResult> {
  const report = join(resultsFolder, "e2e.json");
  rmSync(report, { force: true });
  const endedWell = await run("@playwright/test/cli.js", ["test", ...files], env, "at once");
  const content = readReport(report);
  return { ...settle(playwrightTally(content), endedWell), failures: playwrightFailures(content) };
}

/** A production server that tests call. */
interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a built program on a free port; its log goes to test-results/. */
export async function startTestServer(
  program: "dashboard" | "gate",
  name: string,
  env: Record<string, string>,
): Promise<TestServer> {
  mkdirSync(resultsFolder, { recursive: true });
  const log = openSync(join(resultsFolder, `${name}-${program}.log`), "w");
  const child = supervise({
    name: program,
    script: join(checkout, "dist", `${program}.js`),
    env: { ...env, NODE_ENV: "production" },
    output: log,
  });
  const stop = async () => {
    await child.stop("at once");
    closeSync(log);
  };
  try {
    return { url: `http://127.0.0.1:${await child.ready}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
