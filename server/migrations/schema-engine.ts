import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";
import { checkout } from "../folders";

// For development only: what starts in production imports nothing from here.

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

/** prisma/schema.prisma as it is in this checkout. */
export function editedSchema(): string {
  return readFileSync(join(checkout, "prisma", "schema.prisma"), "utf8");
}

/**
 * The statements that lead from one schema to another, as Prisma's own engine writes them; empty when there
 * is no difference.
 *
 * @param from null: an empty database
 * @param databaseUrl the engine wants a connection, and changes nothing there
 */
export async function migrationBetween(
  from: string | null,
  to: string,
  databaseUrl: string,
): Promise<string> {
  const file = (content: string) => ({
    tag: "schemaDatamodel" as const,
    files: [{ path: "schema.prisma", content }],
  });
  const result = await withSchemaEngine(databaseUrl, to, (engine) =>
    engine.diff({
      from: from === null ? { tag: "empty" } : file(from),
      to: file(to),
      script: true,
      exitCode: true,
      filters: noFilters,
      // The engine demands the field, which its types leave out.
      ...{ shadowDatabaseUrl: null },
    }),
  );
  return result.exitCode === 0 ? "" : (result.stdout ?? "");
}
