import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { MigrationList, SchemaEngine } from "@prisma/schema-engine-wasm";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { checkout } from "../folders";
import { type Migration, migrationsFolder } from "./folder";

/**
 * Prisma's adapter cuts scripts at every semicolon, also inside functions and comments, and runs the pieces on
 * their own. Here a script goes to PostgreSQL as it is: read by its own parser, and whole or not at all.
 */
class WholeScripts extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (sql) => {
      await adapter.executeRaw({ sql, args: [], argTypes: [] });
    };
    return adapter;
  }
}

let loaded: Promise<void> | undefined;

async function load(): Promise<void> {
  const path = "node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm";
  const { instance } = await WebAssembly.instantiate(await readFile(join(checkout, path)), {
    "./schema_engine_bg.js": { ...bindings },
  });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === "function") start();
}

/**
 * Lends Prisma's own schema engine, which as WebAssembly needs no download, on one database. Its
 * connections are closed when the work is done.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  schema: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= load();
  await loaded;
  const pool = new pg.Pool({ connectionString: databaseUrl, application_name: "latchkey-migrate" });
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool));
    const engine = await bindings.SchemaEngine.new(
      { datamodels: [["schema.prisma", schema]] },
      () => {},
      adapter,
    );
    return await work(engine).finally(() => engine.free());
  } finally {
    await pool.end();
  }
}

/** Nothing in the database belongs to somebody else. */
export const noFilters = { externalTables: [], externalEnums: [] };

/** The migrations in the form the engine takes. */
export function migrationList(migrations: readonly Migration[], lockfile: string): MigrationList {
  return {
    baseDir: migrationsFolder,
    lockfile: { path: "migration_lock.toml", content: lockfile },
    shadowDbInitScript: "",
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
    })),
  };
}
