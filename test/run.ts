import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { onParentGone, onStopSignals } from "@/server/processes";
import { forgetful, type TemporaryDatabases, temporaryDatabases } from "@/server/temporary-databases";
import { print, printFailure } from "@/server/terminal";
import { sumTallies } from "./runner/reports";
import { isChaos, isDeploy, type SuiteName, select, testFiles } from "./runner/selection";
import {
  check,
  loadChaos,
  playwright,
  resultsFolder,
  type SuiteResult,
  startTestServer,
  vitest,
} from "./runner/suites";
import { testEnvironment } from "./support/environment";
import { startTestIdentityProvider } from "./support/identity-provider";
import { startTestInbox } from "./support/smtp-inbox";

/** What is to be undone at the end, last first. */
const undo: (() => Promise<void>)[] = [];

async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step().catch(printFailure);
}

function chromium(): string {
  return readFileSync(join(checkout, "node_modules", ".latchkey", "chromium"), "utf8");
}

const results: [string, SuiteResult][] = [];

async function suite(name: string, work: () => Promise<SuiteResult>): Promise<void> {
  print(`${name} …`);
  const started = performance.now();
  const tally = await work();
  const seconds = Math.round((performance.now() - started) / 1000);
  print(`${name}: ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped (${seconds} s)`);
  results.push([name, tally]);
}

async function serverOn(name: string, env: Record<string, string>): Promise<string> {
  // As under `npm start`, its port is known before it listens: Next.js asks itself for pages there.
  const server = await startTestServer("dashboard", name, { ...env, PORT: String(await freePort()) });
  undo.push(server.stop);
  return server.url;
}

async function gateOn(name: string, env: Record<string, string>): Promise<string> {
  const server = await startTestServer("gate", name, env);
  undo.push(server.stop);
  return server.url;
}

/** A dashboard with its gate in front, as people have it. */
async function frontDoorOn(name: string, env: Record<string, string>, port = "0"): Promise<string> {
  return gateOn(name, { ...env, PORT: port, GATE_DASHBOARD_URL: await serverOn(name, env) });
}

/** What the command line selects; null means everything but what takes too long. */
const { values: options, positionals: filters } = parseArgs({
  options: {
    chaos: { type: "boolean" },
    deploy: { type: "boolean" },
    seed: { type: "string" },
    activations: { type: "string" },
  },
  allowPositionals: true,
});
if (options.seed) process.env.LATCHKEY_TEST_SEED = options.seed;
if (options.activations) process.env.LATCHKEY_TEST_ACTIVATIONS = options.activations;
const selected = options.chaos || options.deploy || filters.length > 0 ? selection() : null;

function selection() {
  try {
    const files = testFiles().filter((file) => {
      if (options.chaos) return isChaos(file);
      return isDeploy(file) === (options.deploy ?? false);
    });
    return select(files, filters.length > 0 ? filters : [""]);
  } catch (error) {
    printFailure(error);
    return process.exit(1);
  }
}

const wanted = (...names: SuiteName[]) => !selected || names.some((name) => selected.has(name));

async function vitestSuite(title: string, name: SuiteName, env: Record<string, string>): Promise<void> {
  // What use cases print while tests call them by themselves would hide what the tests say.
  const quiet = { ...env, AUDIT_LOG: "off" };
  if (wanted(name)) await suite(title, () => vitest(name, quiet, selected?.get(name)));
}

async function overHttp(databases: TemporaryDatabases): Promise<void> {
  if (!wanted("http")) return;
  const env = testEnvironment(await databases.migrated("http"), {
    SECURITY_CONTACT: "security@example.com",
  });
  const dashboardUrl = await serverOn("http", env);
  const gateUrl = await gateOn("http", { ...env, GATE_DASHBOARD_URL: dashboardUrl });
  const urls = {
    LATCHKEY_TEST_URL: gateUrl,
    LATCHKEY_TEST_GATE_URL: gateUrl,
    LATCHKEY_TEST_DASHBOARD_URL: dashboardUrl,
  };
  await vitestSuite("HTTP tests", "http", { ...env, ...urls });
}

async function inBrowser(databases: TemporaryDatabases): Promise<void> {
  if (!wanted("e2e")) return;
  const inbox = await startTestInbox();
  undo.push(inbox.stop);
  // Links in mail and the way back from a provider have a fixed address, so this front door needs its port
  // before it listens.
  const port = String(await freePort());
  // By a host name, because passkeys want one.
  const url = `http://localhost:${port}`;
  const provider = await startTestIdentityProvider(url);
  undo.push(provider.stop);
  const open = testEnvironment(await databases.migrated("browser"), {
    SMTP_URL: inbox.smtpUrl,
    MAIL_FROM: "Latchkey <latchkey@example.com>",
    LATCHKEY_URL: url,
    ...provider.env,
  });
  const closed = testEnvironment(await databases.migrated("closed"), {
    REGISTRATION: "closed",
    REQUIRE_TWO_STEP: "true",
  });
  await frontDoorOn("browser", open, port);
  const files = selected?.get("e2e");
  const env = {
    ...open,
    ...(files && { LATCHKEY_TEST_LONG: "1" }),
    LATCHKEY_TEST_URL: url,
    LATCHKEY_TEST_CLOSED_URL: await frontDoorOn("closed", closed),
    LATCHKEY_TEST_INBOX_URL: inbox.url,
    CHROMIUM_PATH: chromium(),
  };
  await suite("browser journeys", () => playwright(env, files));
}

async function computing(databases: TemporaryDatabases): Promise<void> {
  if (!selected) {
    await suite("lint and format", () => check("@biomejs/biome/bin/biome", ["check", "."]));
    await suite("types", () => check("typescript/bin/tsc", ["--noEmit"]));
    await suite("what takes too long can be loaded", loadChaos);
  }
  await vitestSuite("unit tests", "unit", {});
  if (!wanted("db")) return;
  const template = await databases.migrated("template");
  const env = { ...testEnvironment(template), LATCHKEY_TEST_TEMPLATE: template };
  await vitestSuite("database tests", "db", env);
}

async function waiting(databases: TemporaryDatabases): Promise<void> {
  // Nobody may be connected to the database that others are copied from, so these have one of their own.
  const env = testEnvironment(await databases.migrated("processes"));
  await vitestSuite("process tests", "process", env);
  if (selected?.has("chaos")) await vitestSuite("chaos", "chaos", { ...env, CHROMIUM_PATH: chromium() });
}

async function main(): Promise<void> {
  rmSync(resultsFolder, { recursive: true, force: true });
  if (selected?.has("deploy")) {
    await vitestSuite("containers", "deploy", { CHROMIUM_PATH: chromium() });
    return;
  }
  if (!wanted("db", "http", "process", "e2e", "chaos")) {
    await vitestSuite("unit tests", "unit", {});
    return;
  }
  const databases = temporaryDatabases(forgetful);
  undo.push(databases.remove);
  // Side by side: the first compute, the others wait for servers and browsers half of the time.
  await Promise.all([
    computing(databases),
    waiting(databases),
    overHttp(databases).then(() => inBrowser(databases)),
  ]);
}

const abort = () => void cleanUp().finally(() => process.exit(130));
onStopSignals(abort, () => process.exit(130));
onParentGone(abort);

let broken = false;
try {
  await main();
} catch (error) {
  broken = true;
  printFailure(error);
}
await cleanUp();
const total = sumTallies(results.map(([, result]) => result));
const failed = total.failed + (broken ? 1 : 0);
for (const [name, { failed: some, failures }] of results) {
  if (some > 0) print(`failed: ${name}`);
  for (const line of failures) print(`  ${line}`);
}
if (total.skipped > 0) print(`${total.skipped} skipped`);
process.stdout.write(`${total.passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && total.passed > 0 ? 0 : 1);
