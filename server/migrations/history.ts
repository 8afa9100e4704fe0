import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "pg";
import { checkout } from "../folders";
import { codeOf } from "../terminal";

/** One migration of prisma/migrations, with the checksum Prisma records for it. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** prisma/migrations of this checkout. */
export const migrationsFolder = join(checkout, "prisma", "migrations");

/** Reads all migrations, oldest first. */
export async function readMigrations(folder = migrationsFolder): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/** What a database says about its migrations. */
export interface MigrationState {
  /** Names of this checkout that are not applied. */
  readonly pending: readonly string[];
  /** Names that began and did not finish. */
  readonly failed: readonly string[];
  /** Names that this checkout does not have: a newer Latchkey was here. */
  readonly unknown: readonly string[];
}

/** Anything that answers a query: a client or a pool. */
export type Queryable = Pick<Client, "query">;

interface Row {
  readonly migration_name: string;
  readonly finished: boolean;
}

async function recorded(database: Queryable): Promise<readonly Row[]> {
  try {
    const result = await database.query<Row>(
      `select migration_name, finished_at is not null as finished
         from _prisma_migrations where rolled_back_at is null`,
    );
    return result.rows;
  } catch (error) {
    const noSuchTable = "42P01";
    if (codeOf(error) === noSuchTable) return [];
    throw error;
  }
}

/** Compares the folder of migrations with the record Prisma's engine keeps in the database. */
export async function migrationState(
  database: Queryable,
  migrations: readonly Migration[],
): Promise<MigrationState> {
  const rows = await recorded(database);
  const applied = new Set(rows.filter((row) => row.finished).map((row) => row.migration_name));
  const known = new Set(migrations.map((migration) => migration.name));
  return {
    pending: [...known].filter((name) => !applied.has(name)),
    failed: rows.filter((row) => !row.finished).map((row) => row.migration_name),
    unknown: [...applied].filter((name) => !known.has(name)),
  };
}
