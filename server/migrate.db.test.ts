import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyMigrations } from "./migrations/apply";
import { connectOrCreate } from "./migrations/connect";
import { editedSchema, migrationBetween } from "./migrations/engine";
import { migrationState, readMigrations } from "./migrations/history";

const given = process.env.DATABASE_URL;
if (!given) throw new Error("DATABASE_URL: npm test provides it");

function databaseUrl(name: string): string {
  const url = new URL(given ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

const suffix = randomBytes(6).toString("hex");
const migrated = databaseUrl(`migrated_${suffix}`);
const drawn = databaseUrl(`drawn_${suffix}`);

/** Everything a schema consists of, as text that does not depend on the order it was made in. */
const catalogue = `
  select 'column' as kind, format('%s.%s %s null=%s default=%s', table_name, column_name,
      (select format_type(a.atttypid, a.atttypmod) from pg_attribute a
        where a.attrelid = format('%I', table_name)::regclass and a.attname = column_name),
      is_nullable, column_default) as definition
    from information_schema.columns where table_schema = 'public'
  union all select 'index', indexdef from pg_indexes where schemaname = 'public'
  union all select 'constraint', format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'enum', format('%s.%s', enumtypid::regtype, enumlabel) from pg_enum
  order by 1, 2`;

async function catalogueOf(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ kind: string; definition: string }>(catalogue);
  return rows
    .map((row) => `${row.kind}: ${row.definition}`)
    .filter((line) => !line.includes("_prisma_migrations"));
}

describe("migrations", () => {
  let fromMigrations: pg.Client;
  let fromSchema: pg.Client;
  let applied: readonly (readonly string[])[];

  beforeAll(async () => {
    applied = await Promise.all([1, 2, 3].map(() => applyMigrations(migrated)));
    fromMigrations = await connectOrCreate(migrated);
    fromSchema = await connectOrCreate(drawn);
  });

  afterAll(async () => {
    await Promise.all([fromMigrations.end(), fromSchema.end()]);
    const admin = new pg.Client({ connectionString: databaseUrl("postgres") });
    await admin.connect();
    for (const name of ["migrated", "drawn"]) {
      await admin.query(`drop database if exists ${name}_${suffix} with (force)`);
    }
    await admin.end();
  });

  it("are applied once when several processes start at once", async () => {
    const names = (await readMigrations()).map((migration) => migration.name);
    expect(applied.flat()).toEqual(names);
    expect(applied.filter((one) => one.length > 0)).toHaveLength(1);
    expect(await applyMigrations(migrated)).toEqual([]);
  });

  it("are recorded as Prisma records them", async () => {
    const { rows } = await fromMigrations.query<{ migration_name: string; checksum: string }>(
      "select migration_name, checksum from _prisma_migrations order by migration_name",
    );
    const expected = (await readMigrations()).map((one) => [one.name, one.checksum]);
    expect(rows.map((row) => [row.migration_name, row.checksum])).toEqual(expected);
    expect(await migrationState(fromMigrations, await readMigrations())).toEqual({
      pending: [],
      failed: [],
      unknown: [],
    });
  });

  it("agree with schema.prisma", async () => {
    await fromSchema.query(await migrationBetween(null, editedSchema(), drawn));
    const expected = await catalogueOf(fromSchema);
    expect(expected.length).toBeGreaterThan(50);
    expect(await catalogueOf(fromMigrations)).toEqual(expected);
  });

  it("would be noticed to disagree", async () => {
    const before = await catalogueOf(fromSchema);
    await fromSchema.query('alter table "Account" alter column "name" drop not null');
    expect(await catalogueOf(fromSchema)).not.toEqual(before);
  });

  it("leave a database with another history as it is, and say what to do instead", async () => {
    const rename = (from: string, to: string) =>
      fromMigrations.query("update _prisma_migrations set migration_name = $2 where migration_name = $1", [
        from,
        to,
      ]);
    const first = (await readMigrations())[0]?.name ?? "";
    await rename(first, "20261124000000_first");
    const before = await catalogueOf(fromMigrations);
    const failure = await applyMigrations(migrated).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "StartError" });
    expect(String(failure)).toMatch(/was made before Latchkey 0\.1 .*Begin with an empty one/);
    expect(await catalogueOf(fromMigrations)).toEqual(before);
    await rename("20261124000000_first", first);
  });

  it("stop at one that failed half-way, and say so without the password", async () => {
    await fromMigrations.query("update _prisma_migrations set finished_at = null");
    const url = new URL(migrated);
    const failure = await applyMigrations(migrated).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "StartError" });
    expect(String(failure)).toContain("failed half-way");
    if (url.password) expect(String(failure)).not.toContain(url.password);
  });
});
