import { execFileSync } from "node:child_process";
import { readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keptSecret } from "../folders";
import { freePort } from "../listen";
import { backOff, isAlive, waitUntil } from "../processes";
import { takeLock } from "../setup/process-lock.mjs";
import { print, printFailure, StartError } from "../terminal";
import { databaseRole, explainPostgres, initialise } from "./initialise";
import { databaseUser, findBinaries } from "./programs";
import { readPostmasterFile, type ServerOptions, type ServerProcess, startServer } from "./server-process";

/** True when the process is a PostgreSQL that works in this folder, not another one with a reused id. */
function isServerOf(cluster: string, pid: number): boolean {
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    if (process.platform === "win32") return true;
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).includes("postgres");
  } catch {
    return false;
  }
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself, or the next look says that it did not.
  }
  return waitUntil(() => !isAlive(pid), { withinMs });
}

/**
 * Stops a server that an earlier Latchkey left behind when it was killed, and removes a
 * `postmaster.pid` whose process is another program by now. Call it only with the data directory locked.
 *
 * @throws StartError when such a server does not stop
 */
async function stopLeftover(cluster: string): Promise<void> {
  const file = readPostmasterFile(cluster);
  if (!file || !isAlive(file.pid)) return;
  if (!isServerOf(cluster, file.pid)) {
    rmSync(join(cluster, "postmaster.pid"), { force: true });
    return;
  }
  print("stopping a PostgreSQL that an earlier run left behind.");
  if (await signalAndWait(file.pid, "SIGINT", 10_000)) return;
  if (await signalAndWait(file.pid, "SIGQUIT", 10_000)) return;
  throw new StartError(
    `a PostgreSQL from an earlier run (process ${file.pid}) does not stop: kill it and try again.`,
  );
}

/** The running embedded database. */
export interface EmbeddedPostgres {
  /** The address of one of its databases. The server listens on loopback only and wants the password. */
  urlOf(database: string): string;
  /** Stops it and gives the data directory free; `immediate` leaves the tidying to the next start. */
  stop(how: "fast" | "immediate"): Promise<void>;
}

function urlOf(password: string, port: number, database: string): string {
  return `postgresql://${databaseRole}:${password}@127.0.0.1:${port}/${database}`;
}

const attempts = 25;
const attemptDelayMs = 400;

/** A port taken since it was found free, or the memory of a server killed a moment ago. */
const passing = /could not bind|could not create any TCP\/IP sockets|is still in use/;

async function startPatiently(options: Omit<ServerOptions, "port">, port: number): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const result = await startServer({ ...options, port });
    if (typeof result !== "string") return result;
    if (!passing.test(result) || attempt === attempts) throw explainPostgres(result, options.cluster);
    await sleep(attemptDelayMs);
  }
}

function lockDataDirectory(dataDir: string): () => void {
  const lock = takeLock(join(dataDir, "latchkey.lock"));
  if (lock.held) return lock.release;
  throw new StartError(
    `another Latchkey (process ${lock.pid}) uses ${dataDir}: stop it, or set LATCHKEY_DATA_DIR or DATABASE_URL.`,
  );
}

/**
 * Starts the embedded PostgreSQL in the data directory, making its cluster the first time. It is started
 * again whenever it ends by itself, on the same port, and it stops when this process ends in any way.
 *
 * @throws StartError in words for an operator
 */
export async function startEmbeddedPostgres(
  dataDir: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const release = lockDataDirectory(dataDir);
  try {
    const user = databaseUser();
    const binaries = findBinaries(dataDir, user);
    const password = keptSecret(dataDir, "postgres-password").value;
    const cluster = await initialise(binaries, dataDir, password, user);
    await stopLeftover(cluster);
    const port = await freePort();
    const onLine = (line: string) => {
      if (/^(WARNING|PANIC)/.test(line)) process.stderr.write(`postgres: ${line}\n`);
    };
    const options = { postgres: binaries.postgres, cluster, user, settings, onLine };
    let stopping = false;
    let server = await startPatiently(options, port);
    const keepRunning = async () => {
      for (let failures = 0; ; ) {
        await server.ended;
        if (stopping) return;
        print("PostgreSQL ended by itself; starting it again.");
        await sleep(backOff(failures));
        if (stopping) return;
        try {
          server = await startPatiently(options, port);
          failures = 0;
        } catch (error) {
          failures++;
          printFailure(error);
        }
      }
    };
    const supervision = keepRunning();
    return {
      urlOf: (database) => urlOf(password, port, database),
      async stop(how) {
        stopping = true;
        server.stop(how);
        await supervision;
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Opens the embedded database for a command: the one that runs in the data directory, else it is started for
 * as long as the command takes.
 *
 * @throws StartError when there is none yet, or it cannot be started
 */
export async function openEmbeddedPostgres(
  dataDir: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const file = readPostmasterFile(join(dataDir, "postgres"));
  if (file?.ready && isAlive(file.pid)) {
    const password = keptSecret(dataDir, "postgres-password").value;
    return { url: urlOf(password, file.port, "latchkey"), close: async () => {} };
  }
  const started = await startEmbeddedPostgres(dataDir);
  return { url: started.urlOf("latchkey"), close: () => started.stop("fast") };
}
