import { execFileSync } from "node:child_process";
import { readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { explainFileError } from "../folders";
import { freePort } from "../http/listen";
import { keepAlive, type StopMode } from "../keep-alive";
import { isAlive, waitUntil } from "../processes";
import { takeLock } from "../setup/process-lock.mjs";
import { print, StartError } from "../terminal";
import { failure, words } from "../words";
import { databaseRole, initialise, passwordOf } from "./initialise";
import { databaseUser, findBinaries } from "./programs";
import { readPostmasterFile, startServer } from "./server-process";

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
  print(words("run.leftover"));
  if (await signalAndWait(file.pid, "SIGINT", 10_000)) return;
  if (await signalAndWait(file.pid, "SIGQUIT", 10_000)) return;
  throw new StartError(failure("postgres.leftover", { pid: file.pid }));
}

/** The running embedded database. */
export interface EmbeddedPostgres {
  /** The address of one of its databases. The server listens on loopback only and wants the password. */
  urlOf(database: string): string;
  /** Stops it and gives the data directory free; `at once` leaves the tidying to the next start. */
  stop(mode: StopMode): Promise<void>;
}

function urlOf(password: string, port: number, database: string): string {
  return `postgresql://${databaseRole}:${password}@127.0.0.1:${port}/${database}`;
}

function lockDataDirectory(dataDir: string): () => void {
  let lock: ReturnType<typeof takeLock>;
  try {
    lock = takeLock(join(dataDir, "latchkey.lock"));
  } catch (error) {
    throw explainFileError(error, dataDir);
  }
  if (lock.held) return lock.release;
  throw new StartError(failure("postgres.inUse", { pid: lock.pid, path: dataDir }));
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
    const cluster = await initialise(binaries, dataDir, user);
    const password = passwordOf(dataDir);
    await stopLeftover(cluster);
    const port = await freePort();
    const onLine = (line: string) => {
      if (/^(WARNING|PANIC)/.test(line)) process.stderr.write(`postgres: ${line}\n`);
    };
    const { postgres } = binaries;
    const server = keepAlive({
      name: "postgres",
      start: () => startServer({ postgres, cluster, port, user, settings, onLine }),
    });
    await server.ready;
    return {
      urlOf: (database) => urlOf(password, port, database),
      async stop(mode) {
        await server.stop(mode);
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
    const password = passwordOf(dataDir);
    return { url: urlOf(password, file.port, "latchkey"), close: async () => {} };
  }
  const started = await startEmbeddedPostgres(dataDir);
  return { url: started.urlOf("latchkey"), close: () => started.stop("politely") };
}

/** Runs `work` on the embedded database, which nobody else may use meanwhile. It is made when there is none yet. */
export async function onEmbeddedPostgres<T>(
  dataDir: string,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const database = await startEmbeddedPostgres(dataDir);
  try {
    return await work(database.urlOf("latchkey"));
  } finally {
    await database.stop("politely");
  }
}
