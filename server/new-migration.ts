import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "./folders";
import { migrationsFolder } from "./migrations/history";
import { editedSchema, migrationBetween } from "./migrations/schema-engine";
import { loadConfig } from "./settings";
import { forgetful, temporaryDatabases } from "./temporary-databases";
import { print, printFailure, StartError } from "./terminal";

/** Prisma's name for a migration's folder, with the second it was made in (UTC). */
function folderName(name: string, now: Date): string {
  return `${now.toISOString().replace(/[-:T]/g, "").slice(0, 14)}_${name}`;
}

/**
 * prisma/schema.prisma as it was last committed.
 *
 * @throws StartError outside a git checkout
 */
function committedSchema(): string {
  try {
    return execFileSync("git", ["show", "HEAD:prisma/schema.prisma"], { cwd: checkout, encoding: "utf8" });
  } catch (error) {
    throw new StartError("a migration is drawn from the committed schema, so it needs git and a commit.", {
      cause: error,
    });
  }
}

async function withDatabase<T>(given: string | undefined, work: (url: string) => Promise<T>): Promise<T> {
  if (given) return work(given);
  const databases = temporaryDatabases(forgetful);
  try {
    return await work(await databases.migrated("drawing"));
  } finally {
    await databases.remove();
  }
}

async function main(): Promise<void> {
  const [name = ""] = process.argv.slice(2);
  if (!/^[a-z][a-z0-9_]{0,59}$/.test(name)) {
    throw new StartError("name the migration in small letters, for example: npm run migration -- add_labels");
  }
  const [from, to] = [committedSchema(), editedSchema()];
  const sql = await withDatabase(loadConfig().databaseUrl, (url) => migrationBetween(from, to, url));
  if (sql === "")
    throw new StartError("prisma/schema.prisma is as it was committed: there is nothing to write.");
  const folder = join(migrationsFolder, folderName(name, new Date()));
  if (existsSync(folder)) throw new StartError(`${folder} exists.`);
  await mkdir(folder);
  await writeFile(join(folder, "migration.sql"), sql);
  print(`wrote ${join(folder, "migration.sql")}. Read it before you commit it.`);
}

try {
  await main();
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
