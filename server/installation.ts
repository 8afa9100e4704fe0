import { existsSync } from "node:fs";
import { join } from "node:path";
import { config } from "@/lib/config";
import { pool } from "@/lib/db/pool";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { openDataDirectory } from "./folders";
import { explainDatabaseError } from "./migrations/connect";
import { migrationState, readMigrations } from "./migrations/history";
import { checkSecret } from "./secret";
import { loadKeys } from "./secret/keyring";
import { loadConfig, secretsOrStop } from "./settings";
import { StartError } from "./terminal";
import { failure, keepWords } from "./words";

/** Says what is wrong with the database before anything is changed. */
async function checkDatabase(databaseUrl: string): Promise<void> {
  let pending: readonly string[];
  try {
    ({ pending } = await migrationState(pool(), await readMigrations()));
  } catch (error) {
    throw explainDatabaseError(error, databaseUrl);
  }
  if (pending.length > 0) throw new StartError(keepWords("database.notCurrent"));
}

/** Where the secret of an installation is. */
interface Installation {
  readonly databaseUrl: string;
  /** The file that it is kept in; undefined: it is in the environment. */
  readonly secretFile: string | undefined;
}

async function onDatabase<T>(
  installation: Installation,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const { databaseUrl, secretFile } = installation;
  try {
    const isGiven =
      Boolean(process.env.LATCHKEY_SECRET) || (secretFile !== undefined && existsSync(secretFile));
    if (isGiven) secretsOrStop(config());
    await checkSecret(databaseUrl, isGiven);
    await checkDatabase(databaseUrl);
    if (isGiven) await loadKeys();
    return await work(installation);
  } finally {
    await pool().end();
  }
}

/**
 * Does something on the database of the Latchkey that is installed here, whether it runs or not; the pool of this
 * process and its keys are those of that Latchkey.
 *
 * @throws StartError when there is none, it cannot be reached, or it is not up to date; Refusal for the wrong secret
 */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = loadConfig();
  const { LATCHKEY_SECRET: secret, LATCHKEY_SECRET_FILE: file } = process.env;
  const secretFile = secret ? undefined : file || undefined;
  if (databaseUrl) {
    if (!(secret || secretFile)) throw new StartError(failure("secretOfDashboard"));
    return onDatabase({ databaseUrl, secretFile }, work);
  }
  const folder = openDataDirectory(dataDir);
  if (!existsSync(join(folder, "postgres"))) {
    throw new StartError(keepWords("database.none", { path: folder }));
  }
  const kept = secret ? undefined : (secretFile ?? join(folder, "secret"));
  if (kept !== undefined) process.env.LATCHKEY_SECRET_FILE = kept;
  const database = await openEmbeddedPostgres(folder);
  process.env.DATABASE_URL = database.url;
  try {
    return await onDatabase({ databaseUrl: database.url, secretFile: kept }, work);
  } finally {
    await database.close();
  }
}
