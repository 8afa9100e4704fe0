import { existsSync } from "node:fs";
import { join } from "node:path";
import { pool } from "@/lib/db/pool";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { keptSecret, openDataDirectory } from "./folders";
import { keepWords } from "./keep-words";
import { loadConfig } from "./settings";
import { StartError } from "./terminal";

/** The Latchkey that is installed here. */
export interface Installation {
  readonly databaseUrl: string;
  /** Where its secret is kept; undefined: it is in the environment, or nowhere. */
  readonly secretFile: string | undefined;
}

/**
 * Does something with the Latchkey that is installed here, whether it runs or not; the pool and the keys of this process
 * are those of that Latchkey.
 *
 * @throws StartError when there is none
 */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = loadConfig();
  const given = process.env.LATCHKEY_SECRET ? undefined : process.env.LATCHKEY_SECRET_FILE || undefined;
  const then = (installation: Installation) => work(installation).finally(() => pool().end());
  if (databaseUrl) return then({ databaseUrl, secretFile: given });
  const folder = openDataDirectory(dataDir);
  if (!existsSync(join(folder, "postgres"))) {
    throw new StartError(keepWords("database.none", { path: folder }));
  }
  let secretFile = given;
  if (!process.env.LATCHKEY_SECRET) {
    secretFile ??= keptSecret(folder, "secret").path;
    process.env.LATCHKEY_SECRET_FILE = secretFile;
  }
  const database = await openEmbeddedPostgres(folder);
  process.env.DATABASE_URL = database.url;
  try {
    return await then({ databaseUrl: database.url, secretFile });
  } finally {
    await database.close();
  }
}
