import "./output.js";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Config } from "@/lib/config";
import { pool } from "@/lib/db/pool";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { checkout, keptSecret, openDataDirectory, readKeptSecret } from "./folders";
import { freePort, listen } from "./http/listen";
import type { KeptAlive, StopMode } from "./keep-alive";
import { applyMigrations } from "./migrations/apply";
import { onParentGone, onStopSignals } from "./processes";
import { checkSecret } from "./secret";
import { loadKeysAtStart } from "./secret/keyring";
import { checkBreachedPasswords, checkClock, loadConfig, secretsOrStop, supplied } from "./settings";
import { supervise, superviseNextDev } from "./supervise";
import { isStartError, print, printFailure, printReady, StartError } from "./terminal";
import { failure, words } from "./words";

/**
 * Whether `next dev` is to run instead of the built dashboard.
 *
 * @throws StartError for anything but `--dev`: everything else is an environment variable
 */
function wantsDev(args: readonly string[]): boolean {
  const unknown = args.find((arg) => arg !== "--dev");
  if (unknown === undefined) return args.includes("--dev");
  throw new StartError(failure("option", { given: unknown }));
}

/** What runs so far, so that it can be stopped at any moment of the start. */
const running: { database?: EmbeddedPostgres; dashboard?: KeptAlive<number>; gate?: KeptAlive<number> } = {};

/** More than a gate needs to end when its time to drain is over. */
const gateGraceMs = 3000;

async function stopAll(mode: StopMode): Promise<void> {
  await running.gate?.stop(mode);
  await running.dashboard?.stop(mode);
  await running.database?.stop(mode);
}

/** Found out before a database is started for nothing. */
async function checkPort(port: number, host: string): Promise<void> {
  const probe = createServer();
  await listen(probe, port, host);
  await new Promise((resolve) => probe.close(resolve));
}

/** Whether there is a secret. @throws StartError for one that cannot be used, before a database is started for nothing */
function isSecretKnown(config: Config, dataDir: () => string): boolean {
  const { LATCHKEY_SECRET: secret, LATCHKEY_SECRET_FILE: file } = process.env;
  if (!(secret || file)) return readKeptSecret(dataDir(), "secret") !== undefined;
  secretsOrStop(config);
  return true;
}

/**
 * Gives this process, and those it starts, a secret: the one that was given, else the file of the data directory, else a
 * new one: that only where no data needs another. Processes read a file again when the secret is replaced.
 */
async function provideSecret(databaseUrl: string, dataDir: () => string, known: boolean): Promise<void> {
  if (process.env.LATCHKEY_SECRET) return checkSecret(databaseUrl, true);
  process.env.LATCHKEY_SECRET_FILE ||= join(dataDir(), "secret");
  await checkSecret(databaseUrl, known);
  if (known) return;
  const { path } = keptSecret(dataDir(), "secret");
  print(words("run.madeSecret", { path }));
}

async function databaseOf(config: Config, dataDir: () => string): Promise<string> {
  if (config.databaseUrl) return config.databaseUrl;
  const folder = dataDir();
  running.database = await startEmbeddedPostgres(folder);
  print(words("run.postgres", { path: join(folder, "postgres") }));
  return running.database.urlOf("latchkey");
}

type Environment = Readonly<Record<string, string>>;

/** The gate takes the port; the dashboard listens on a free one of this machine behind it. */
async function startFrontDoor(config: Config, env: Environment): Promise<number> {
  const behind = await freePort();
  const production = { ...env, NODE_ENV: "production" };
  running.dashboard = supervise({
    name: "dashboard",
    script: join(checkout, "dist", "dashboard.js"),
    env: { ...production, HOST: "127.0.0.1", PORT: String(behind) },
  });
  running.gate = supervise({
    name: "gate",
    script: join(checkout, "dist", "gate.js"),
    env: { ...production, GATE_DASHBOARD_URL: `http://127.0.0.1:${behind}` },
    patienceMs: config.gate.shutdownDelayMs + config.gate.drainMs + gateGraceMs,
  });
  const [port] = await Promise.all([running.gate.ready, running.dashboard.ready]);
  return port;
}

/** `next dev` takes the port itself; its route handler is the door. */
function startNextDev(config: Config, env: Environment): Promise<number> {
  running.dashboard = superviseNextDev(config.port || 3000, config.host, env);
  return running.dashboard.ready;
}

function shownAddress(config: Config, port: number): string {
  const host = ["0.0.0.0", "::"].includes(config.host) ? "127.0.0.1" : config.host;
  return config.url ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

async function main(): Promise<void> {
  const dev = wantsDev(process.argv.slice(2));
  const config = loadConfig();
  checkClock();
  const isIncluded = !config.databaseUrl;
  const suppliedByStart = supplied([...(isIncluded ? ["DATABASE_URL"] : []), "LATCHKEY_SECRET_FILE"]);
  await checkBreachedPasswords(config);
  await checkPort(config.port, config.host);
  let folder: string | undefined;
  const dataDir = () => {
    folder ??= openDataDirectory(config.dataDir);
    return folder;
  };
  const known = isSecretKnown(config, dataDir);
  const databaseUrl = await databaseOf(config, dataDir);
  // Before anything reads the configuration of this process, which is fixed from then on. The processes that are started
  // inherit it.
  if (isIncluded) process.env.DATABASE_URL = databaseUrl;
  await provideSecret(databaseUrl, dataDir, known);
  const applied = await applyMigrations(databaseUrl);
  if (applied.length > 0) print(words("run.upToDate"));
  // Said here, once, and before anything serves.
  await loadKeysAtStart();
  await pool().end();
  const port = await (dev ? startNextDev : startFrontDoor)(config, suppliedByStart);
  printReady(shownAddress(config, port));
  print(words("run.open"));
}

let ending = false;

function endPolitely(): void {
  if (ending) return;
  ending = true;
  print(words("run.stopping"));
  stopAll("politely").then(
    () => process.exit(0),
    (error: unknown) => {
      printFailure(error);
      process.exit(1);
    },
  );
}

onStopSignals(endPolitely, () => {
  void stopAll("at once").finally(() => process.exit(130));
});
onParentGone(endPolitely);

try {
  await main();
} catch (error) {
  if (!ending) {
    printFailure(error);
    await stopAll("politely").catch(printFailure);
    process.exit(isStartError(error) ? error.exitCode : 1);
  }
}
