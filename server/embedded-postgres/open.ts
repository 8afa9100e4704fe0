import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keptSecret } from "../secret";
import { isAlive } from "../wait";
import { startEmbeddedPostgres } from "./embedded-postgres";
import { databaseRole } from "./initialise";
import { readPostmasterFile } from "./postmaster-file";

/**
 * Opens the embedded database for a command: the one that runs in the data directory, else it is started for
 * as long as the command takes.
 *
 * @throws StartError when there is none yet, or it cannot be started
 */
export async function openEmbeddedPostgres(
  dataDir: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const cluster = join(dataDir, "postgres");
  const file = readPostmasterFile(cluster);
  if (file?.ready && isAlive(file.pid)) {
    const port = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n")[3];
    const password = keptSecret(dataDir, "postgres-password").value;
    const url = `postgresql://${databaseRole}:${password}@127.0.0.1:${port}/latchkey`;
    return { url, close: async () => {} };
  }
  const started = await startEmbeddedPostgres(dataDir);
  return { url: started.urlOf("latchkey"), close: () => started.stop("fast") };
}
