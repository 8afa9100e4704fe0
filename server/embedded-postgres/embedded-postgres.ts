import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port";
import { keptSecret } from "../secret";
import { takeLock } from "../setup/process-lock.mjs";
import { StartError } from "../start-error";
import { backOff } from "../supervise/back-off";
import { tell, tellFailure } from "../terminal";
import { findBinaries } from "./binaries";
import { databaseUser } from "./database-user";
import { explainPostgres } from "./explain";
import { databaseRole, initialise } from "./initialise";
import { stopLeftover } from "./leftover";
import { type ServerOptions, type ServerProcess, startServer } from "./server-process";

/** The running embedded database. */
export interface EmbeddedPostgres {
  /** The address of one of its databases. The server listens on loopback only and wants the password. */
  urlOf(database: string): string;
  /** Stops it and gives the data directory free; `immediate` leaves the tidying to the next start. */
  stop(how: "fast" | "immediate"): Promise<void>;
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
        tell("PostgreSQL ended by itself; starting it again.");
        await sleep(backOff(failures));
        if (stopping) return;
        try {
          server = await startPatiently(options, port);
          failures = 0;
        } catch (error) {
          failures++;
          tellFailure(error);
        }
      }
    };
    const supervision = keepRunning();
    return {
      urlOf: (database) => `postgresql://${databaseRole}:${password}@127.0.0.1:${port}/${database}`,
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
