import { existsSync } from "node:fs";
import { join } from "node:path";
import { pool } from "@/lib/db/pool";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { keptSecret, openDataDirectory } from "./folders";
import { explainDatabaseError } from "./migrations/connect";
import { loadConfig } from "./settings";
import { codeOf, printFailure, StartError } from "./terminal";

/** Says what is wrong with the database before anything is changed. */
async function checkDatabase(databaseUrl: string): Promise<void> {
  try {
    await pool().query(`SELECT FROM "Passkey", "Totp" LIMIT 0`);
  } catch (error) {
    if (codeOf(error) !== "42P01") throw explainDatabaseError(error, databaseUrl);
    throw new StartError("the database is not up to date: start Latchkey once, or run npm run migrate.");
  }
}

async function onDatabase(databaseUrl: string, work: () => Promise<void>): Promise<void> {
  try {
    await checkDatabase(databaseUrl);
    await work();
  } finally {
    await pool().end();
  }
}

async function withDatabase(work: () => Promise<void>): Promise<void> {
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
  process.env.LATCHKEY_SECRET ||= keptSecret(folder, "secret").value;
  const database = await openEmbeddedPostgres(folder);
  process.env.DATABASE_URL = database.url;
  try {
    await onDatabase(database.url, work);
  } finally {
    await database.close();
  }
}

/**
 * Runs one command of whoever stands at the machine, on the database of the Latchkey that is installed there, and
 * sets the exit code. What is wrong is told in one line.
 *
 * @param plan reads the arguments, before anything is opened, and gives what to do. @throws StartError
 */
export async function operate(plan: (args: readonly string[]) => () => Promise<void>): Promise<void> {
  try {
    await withDatabase(plan(process.argv.slice(2)));
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}

/** The error for an address that no user has. */
export function nobodyHas(email: string): StartError {
  return new StartError(`nobody here has the address ${email}: check how it is written.`);
}

/** "1 session", "2 sessions". */
export function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
