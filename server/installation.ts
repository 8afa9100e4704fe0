import { existsSync } from "node:fs";
import { join } from "node:path";
import { pool } from "@/lib/db/pool";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { openDataDirectory, readKeptSecret } from "./folders";
import { explainDatabaseError } from "./migrations/connect";
import { migrationState, readMigrations } from "./migrations/history";
import { checkSecret } from "./secret";
import { loadConfig } from "./settings";
import { StartError } from "./terminal";

/** Says what is wrong with the database before anything is changed. */
async function checkDatabase(databaseUrl: string): Promise<void> {
  let pending: readonly string[];
  try {
    ({ pending } = await migrationState(pool(), await readMigrations()));
  } catch (error) {
    throw explainDatabaseError(error, databaseUrl);
  }
  if (pending.length > 0)
    throw new StartError("the database is not up to date: start Latchkey once, or run latchkey migrate.");
}

async function onDatabase<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  try {
    await checkSecret(databaseUrl, Boolean(process.env.LATCHKEY_SECRET));
    await checkDatabase(databaseUrl);
    return await work();
  } finally {
    await pool().end();
  }
}

/**
 * Does something on the database of the Latchkey that is installed here, whether it runs or not; the pool of this
 * process and its keys are those of that Latchkey.
 *
 * @throws StartError when there is none, it cannot be reached, or it is not up to date
 */
export async function withInstallation<T>(work: () => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = loadConfig();
  if (databaseUrl) {
    if (!process.env.LATCHKEY_SECRET) throw new StartError("set LATCHKEY_SECRET to that of the dashboard.");
    return onDatabase(databaseUrl, work);
  }
  const folder = openDataDirectory(dataDir);
  if (!existsSync(join(folder, "postgres"))) {
    throw new StartError(
      `there is no Latchkey in ${folder}: set LATCHKEY_DATA_DIR or DATABASE_URL to yours.`,
    );
  }
  process.env.LATCHKEY_SECRET ||= readKeptSecret(folder, "secret") ?? "";
  const database = await openEmbeddedPostgres(folder);
  process.env.DATABASE_URL = database.url;
  try {
    return await onDatabase(database.url, work);
  } finally {
    await database.close();
  }
}
