import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { checkout } from "../folders";
import { codeOf } from "../terminal";

/** One migration of prisma/migrations. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  /** As Prisma records it: SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
}

/** prisma/migrations of this checkout. */
export const migrationsFolder = join(checkout, "prisma", "migrations");

const checksumOf = (sql: string) => createHash("sha256").update(sql).digest("hex");

/** Reads all migrations of a folder, oldest first. */
export async function readMigrations(folder = migrationsFolder): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: checksumOf(sql) };
    }),
  );
}

/** What a database says about its migrations, by their names. */
export interface MigrationState {
  /** Of this checkout, and not applied. */
  readonly pending: readonly string[];
  /** Began and did not finish. */
  readonly failed: readonly string[];
  /** Not of this checkout: a newer Latchkey was here, or one from before the first migration. */
  readonly unknown: readonly string[];
  /** Applied with another content than the file has now. */
  readonly altered: readonly string[];
}

/** Anything that answers a query: a client or a pool. */
type Queryable = Pick<Client, "query">;

interface RecordedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** The rows of Prisma's own table that count; none where there is no such table. */
async function recordedMigrations(database: Queryable): Promise<readonly RecordedMigration[]> {
  try {
    const result = await database.query<RecordedMigration>(
      `select migration_name as name, checksum, finished_at is not null as finished
         from _prisma_migrations where rolled_back_at is null`,
    );
    return result.rows;
  } catch (error) {
    const noSuchTable = "42P01";
    if (codeOf(error) === noSuchTable) return [];
    throw error;
  }
}

/** True when this content was applied; git may have given the file the line ends of another system since. */
function hasChecksum({ sql }: Migration, checksum: string): boolean {
  const lines = sql.replaceAll("\r\n", "\n");
  return [sql, lines, lines.replaceAll("\n", "\r\n")].some((text) => checksumOf(text) === checksum);
}

/** Compares the folder of migrations with what is recorded in a database. Changes nothing. */
export async function migrationState(
  database: Queryable,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const rows = await recordedMigrations(database);
  const applied = new Map(rows.filter((row) => row.finished).map((row) => [row.name, row.checksum]));
  const known = new Set(migrations.map((migration) => migration.name));
  const isAltered = (migration: Migration) => {
    const checksum = applied.get(migration.name);
    return checksum !== undefined && !hasChecksum(migration, checksum);
  };
  return {
    pending: [...known].filter((name) => !applied.has(name)),
    failed: rows.filter((row) => !row.finished).map((row) => row.name),
    unknown: [...applied.keys()].filter((name) => !known.has(name)),
    altered: migrations.filter(isAltered).map((migration) => migration.name),
  };
}
