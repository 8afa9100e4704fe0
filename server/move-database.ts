import { existsSync } from "node:fs";
import { join } from "node:path";
import { restoreInto, withClient } from "./backup/database";
import { readBackup, type TableSums } from "./backup/form";
import { countsOf, withBackupOf } from "./backup/take";
import { defineCommand, Refusal, UsageError } from "./command";
import { onEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { openDataDirectory } from "./folders";
import { loadConfig } from "./settings";
import { StartError } from "./terminal";
import { keepWords } from "./words";

/** @throws Refusal when a process of Latchkey is connected, and could write what would then be missing */
async function requireStopped(databaseUrl: string): Promise<void> {
  const count = await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name LIKE 'latchkey%'`,
    );
    return rows[0]?.count ?? 0;
  });
  if (count > 0) throw new Refusal(keepWords("move.running", { count }));
}

/** Streams everything from one database into another, which has to be empty. */
async function move(from: string, to: string): Promise<TableSums> {
  await requireStopped(from);
  let moved: TableSums = {};
  await withBackupOf(from, false, async (content) => {
    moved = await restoreInto(to, await readBackup(content), async () => {});
  });
  return moved;
}

export const command = defineCommand({
  name: "move-database",
  operands: "external|embedded",
  json: true,
  options: {},
  secrets: { target: { environment: "LATCHKEY_MOVE_TO" } },
  async run({ operands, secret, result }) {
    const [where, ...more] = operands;
    if (!["external", "embedded"].includes(where ?? "") || more.length > 0)
      throw new UsageError(keepWords("move.where"));
    const { databaseUrl, dataDir } = loadConfig();
    const folder = openDataDirectory(dataDir);
    let moved: TableSums;
    let then: string;
    if (where === "external") {
      const target = await secret("target");
      if (databaseUrl) throw new Refusal(keepWords("move.isExternal"));
      if (target === undefined || !URL.canParse(target)) throw new UsageError(keepWords("move.noTarget"));
      if (!existsSync(join(folder, "postgres")))
        throw new StartError(keepWords("database.none", { path: folder }));
      moved = await onEmbeddedPostgres(folder, (url) => move(url, target));
      const kept = join(folder, "secret");
      const named = process.env.LATCHKEY_SECRET ? "LATCHKEY_SECRET" : `LATCHKEY_SECRET_FILE=${kept}`;
      then = keepWords("move.toExternal", { secret: named });
    } else {
      if (!databaseUrl) throw new UsageError(keepWords("move.noSource"));
      moved = await onEmbeddedPostgres(folder, (url) => move(databaseUrl, url));
      then = keepWords("move.toEmbedded");
    }
    result({ tables: moved }, `${keepWords("move.done", countsOf(moved))}\n${then}`);
    return 0;
  },
});
