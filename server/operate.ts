import "./output.js";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pool } from "@/lib/db/pool";
import { endSessionsOf, endSessionsOfAll } from "@/lib/services/session/end-sessions";
import { resetTwoStep } from "@/lib/services/two-step/two-step";
import { openEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { keptSecret, openDataDirectory } from "./folders";
import { explainDatabaseError } from "./migrations/connect";
import { loadKeys } from "./secret/keyring";
import { loadConfig } from "./settings";
import { codeOf, print, printFailure, StartError } from "./terminal";

// The commands of whoever stands at the machine, on the database of the Latchkey that is installed there:
// operate.js <command> <arguments>. What is wrong is told in one line.

/** Reads the arguments, before anything is opened, and gives what to do. @throws StartError */
type Command = (args: readonly string[]) => () => Promise<void>;

/** "1 session", "2 sessions". */
const many = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

const nobodyHas = (email: string) =>
  new StartError(`nobody here has the address ${email}: check how it is written.`);

const endSessions: Command = ([whose, ...more]) => {
  const all = whose === "--all";
  if (!whose || more.length > 0 || !(all || whose.includes("@"))) {
    throw new StartError(
      `say whose: npm run end-sessions -- person@example.com, or npm run end-sessions -- --all
  It signs that person, or everybody, out of every browser. Nothing else changes.`,
    );
  }
  return async () => {
    const ended = all ? await endSessionsOfAll() : await endSessionsOf(whose);
    if (!ended) throw nobodyHas(whose);
    const of = all ? `${ended.people} ${ended.people === 1 ? "person" : "people"}` : whose;
    print(`ended ${many(ended.sessions, "session")} of ${of}.`);
  };
};

const resetSecondFactors: Command = ([whose, ...more]) => {
  if (!whose?.includes("@") || more.length > 0) {
    throw new StartError(`say whose: npm run reset-two-step -- person@example.com
  It removes every second factor and recovery code of that person and ends their sessions.`);
  }
  return async () => {
    const done = await resetTwoStep(whose);
    if (!done) throw nobodyHas(whose);
    const gone = [
      many(done.apps, "authenticator app"),
      many(done.passkeys, "passkey"),
      many(done.recoveryCodes, "unused recovery code"),
    ];
    print(
      `${done.email}: removed ${gone.join(", ")}; ended ${many(done.sessions, "session")}.\n` +
        "  The password alone signs in now, until a second step is set up again.",
    );
  };
};

const commands: Readonly<Record<string, Command>> = {
  "end-sessions": endSessions,
  "reset-two-step": resetSecondFactors,
};

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
    await loadKeys();
    await work();
  } finally {
    await pool().end();
  }
}

async function withDatabase(work: () => Promise<void>): Promise<void> {
  const { databaseUrl, dataDir } = loadConfig();
  if (databaseUrl) {
    if (!(process.env.LATCHKEY_SECRET || process.env.LATCHKEY_SECRET_FILE))
      throw new StartError("set LATCHKEY_SECRET to that of the dashboard.");
    return onDatabase(databaseUrl, work);
  }
  const folder = openDataDirectory(dataDir);
  if (!existsSync(join(folder, "postgres"))) {
    throw new StartError(
      `there is no Latchkey in ${folder}: set LATCHKEY_DATA_DIR or DATABASE_URL to yours.`,
    );
  }
  if (!process.env.LATCHKEY_SECRET) process.env.LATCHKEY_SECRET_FILE ||= keptSecret(folder, "secret").path;
  const database = await openEmbeddedPostgres(folder);
  process.env.DATABASE_URL = database.url;
  try {
    await onDatabase(database.url, work);
  } finally {
    await database.close();
  }
}

try {
  const [name = "", ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command)
    throw new StartError(`there is no command ${name}: say ${Object.keys(commands).join(" or ")}.`);
  await withDatabase(command(args));
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
