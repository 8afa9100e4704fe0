import { existsSync } from "node:fs";
import { join } from "node:path";
import { pool } from "@/lib/db/pool";
import { resetTwoStep, type TwoStepReset } from "@/lib/services/two-step/reset";
import { openDataDirectory } from "./data-directory";
import { openEmbeddedPostgres } from "./embedded-postgres/open";
import { loadConfig } from "./load-env";
import { explainDatabaseError } from "./migrations/connect";
import { keptSecret } from "./secret";
import { codeOf, StartError } from "./start-error";
import { tell, tellFailure } from "./terminal";

const usage = `say whose: npm run reset-two-step -- person@example.com
  It removes every second factor and recovery code of that person and ends their sessions.`;

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? "" : "s"}`;

function sentenceOf({ email, apps, passkeys, recoveryCodes, sessions }: TwoStepReset): string {
  const gone = [
    many(apps, "authenticator app"),
    many(passkeys, "passkey"),
    many(recoveryCodes, "unused recovery code"),
  ];
  return (
    `${email}: removed ${gone.join(", ")}; ended ${many(sessions, "session")}.\n` +
    "  The password alone signs in now, until a second step is set up again."
  );
}

/** Says what is wrong with the database before anything is changed. */
async function checkDatabase(databaseUrl: string): Promise<void> {
  try {
    await pool().query(`SELECT FROM "Passkey", "Totp" LIMIT 0`);
  } catch (error) {
    if (codeOf(error) !== "42P01") throw explainDatabaseError(error, databaseUrl);
    throw new StartError("the database is not up to date: start Latchkey once, or run npm run migrate.");
  }
}

async function reset(email: string, databaseUrl: string): Promise<void> {
  try {
    await checkDatabase(databaseUrl);
    const done = await resetTwoStep(email);
    if (!done) throw new StartError(`nobody here has the address ${email}: check how it is written.`);
    tell(sentenceOf(done));
  } finally {
    await pool().end();
  }
}

async function main(): Promise<void> {
  const [email, ...more] = process.argv.slice(2);
  if (!email?.includes("@") || more.length > 0) throw new StartError(usage);
  const { databaseUrl, dataDir } = loadConfig();
  if (databaseUrl) {
    if (!process.env.LATCHKEY_SECRET) throw new StartError("set LATCHKEY_SECRET to that of the dashboard.");
    return reset(email, databaseUrl);
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
    await reset(email, database.url);
  } finally {
    await database.close();
  }
}

try {
  await main();
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
