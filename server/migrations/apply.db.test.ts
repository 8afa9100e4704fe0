import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MigrationList } from "@prisma/schema-engine-wasm";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { query } from "@/test/support/database";
import { applyMigrations } from "./apply";
import { connectOrCreate } from "./connect";
import { migrationState, migrationsFolder, readMigrations } from "./history";
import { editedSchema, migrationBetween, noFilters, withSchemaEngine } from "./schema-engine";

const given = process.env.DATABASE_URL;
if (!given) throw new Error("DATABASE_URL: npm test provides it");

const suffix = randomBytes(6).toString("hex");
const made: { readonly name: string; readonly client: pg.Client }[] = [];

/** A connection to a new database, or to one of an earlier call. */
async function open(label: string): Promise<{ readonly url: string; readonly client: pg.Client }> {
  const url = new URL(given ?? "");
  const name = `${label}_${suffix}`;
  url.pathname = `/${name}`;
  const client = await connectOrCreate(url.href);
  made.push({ name, client });
  return { url: url.href, client };
}

afterAll(async () => {
  await Promise.all(made.map(({ client }) => client.end()));
  for (const { name } of made) await query(given, `drop database if exists ${name} with (force)`);
});

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
  return rows.map((row) => `${row.kind}: ${row.definition}`);
}

const ofSchema = (lines: readonly string[]) => lines.filter((line) => !line.includes("_prisma_migrations"));
const ofRecord = (lines: readonly string[]) => lines.filter((line) => line.includes("_prisma_migrations"));

/** What is recorded, without what differs from run to run. */
async function recordsOf(client: pg.Client): Promise<readonly Record<string, unknown>[]> {
  const { rows } = await client.query(
    `select migration_name as name, checksum, logs, rolled_back_at, applied_steps_count as steps,
            length(id) as id_length, finished_at >= started_at as finished
       from _prisma_migrations order by started_at`,
  );
  return rows;
}

/** Prisma's own engine brings a database up to date. Gives the names of what it applied. */
async function applyByEngine(url: string): Promise<readonly string[]> {
  const migrationsList: MigrationList = {
    baseDir: migrationsFolder,
    lockfile: {
      path: "migration_lock.toml",
      content: readFileSync(join(migrationsFolder, "migration_lock.toml"), "utf8"),
    },
    shadowDbInitScript: "",
    migrationDirectories: (await readMigrations()).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: "migration.sql", content: { tag: "ok", value: sql } },
    })),
  };
  const result = await withSchemaEngine(url, editedSchema(), (engine) =>
    engine.applyMigrations({ migrationsList, filters: noFilters }),
  );
  return result.appliedMigrationNames;
}

const refusalOf = async (url: string, folder?: string) => {
  const error: unknown = await applyMigrations(url, folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "StartError" });
  const { password } = new URL(url);
  if (password) expect(String(error)).not.toContain(password);
  return String(error);
};

describe("the migrations of this checkout", () => {
  let url: string;
  let client: pg.Client;
  let applied: readonly (readonly string[])[];

  beforeAll(async () => {
    ({ url, client } = await open("migrated"));
    applied = await Promise.all([1, 2, 3].map(() => applyMigrations(url)));
  });

  it("are applied once when several processes start at once", async () => {
    const names = (await readMigrations()).map((migration) => migration.name);
    expect(applied.flat()).toEqual(names);
    expect(applied.filter((one) => one.length > 0)).toHaveLength(1);
    expect(await applyMigrations(url)).toEqual([]);
    const nothing = { pending: [], failed: [], unknown: [], altered: [] };
    expect(await migrationState(client, await readMigrations())).toEqual(nothing);
  });

  it("make what Prisma's engine makes, and are recorded in its words", async () => {
    const engine = await open("engine");
    expect(await applyByEngine(engine.url)).toEqual(applied.flat());
    expect(await catalogueOf(client)).toEqual(await catalogueOf(engine.client));
    expect(ofRecord(await catalogueOf(client)).length).toBeGreaterThan(8);
    expect(await recordsOf(client)).toEqual(await recordsOf(engine.client));
  });

  it("leave Prisma's engine nothing to do, and it leaves nothing to do here", async () => {
    expect(await applyByEngine(url)).toEqual([]);
    expect(await applyMigrations((await open("engine")).url)).toEqual([]);
  });

  it("agree with schema.prisma", async () => {
    const drawn = await open("drawn");
    await drawn.client.query(await migrationBetween(null, editedSchema(), drawn.url));
    const expected = await catalogueOf(drawn.client);
    expect(expected.length).toBeGreaterThan(50);
    expect(ofSchema(await catalogueOf(client))).toEqual(expected);
    await drawn.client.query('alter table "Account" alter column "name" drop not null');
    expect(await catalogueOf(drawn.client), "a difference would be noticed").not.toEqual(expected);
  });

  it("leave a database with another history as it is, and say what to do instead", async () => {
    const rename = (from: string, to: string) =>
      client.query("update _prisma_migrations set migration_name = $2 where migration_name = $1", [from, to]);
    const first = (await readMigrations())[0]?.name ?? "";
    await rename(first, "20261124000000_first");
    const before = await catalogueOf(client);
    expect(await refusalOf(url)).toMatch(
      /was made before Latchkey 0\.1, or by another program, .*Begin with an empty one/,
    );
    expect(await catalogueOf(client)).toEqual(before);
    await rename("20261124000000_first", first);
  });

  it("stop at one that failed half-way, and say so", async () => {
    await client.query("update _prisma_migrations set finished_at = null");
    expect(await refusalOf(url)).toContain("failed half-way");
  });
});

describe("a folder of migrations", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-migrations-"));
  let url: string;
  let client: pg.Client;
  let databases = 0;

  const write = (name: string, sql: string) => {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "migration.sql"), sql);
  };
  const tables = async () => {
    const { rows } = await client.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')
          and relname not like '_prisma%' order by 1`,
    );
    return rows.map((row) => row.relname);
  };

  beforeEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    write("1_table", 'create table "Kept" (id int);\n-- one; two\ncreate table "Other" (id int);\n');
    ({ url, client } = await open(`folder${++databases}`));
    expect(await applyMigrations(url, folder)).toEqual(["1_table"]);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("is gone on with from where the database is", async () => {
    write("2_more", 'create table "More" (id int)');
    write("3_nothing", "-- nothing to do\n");
    expect(await applyMigrations(url, folder)).toEqual(["2_more", "3_nothing"]);
    expect(await tables()).toEqual(["Kept", "More", "Other"]);
  });

  it("an altered migration is named, and nothing that comes after it is applied", async () => {
    write("1_table", 'create table "Kept" (id bigint)');
    write("2_more", 'create table "More" (id int)');
    expect(await refusalOf(url, folder)).toContain("another content of 1_table than");
    expect(await tables()).toEqual(["Kept", "Other"]);
  });

  it("line ends of another system are no alteration", async () => {
    const path = join(folder, "1_table", "migration.sql");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("\n", "\r\n"));
    expect(await applyMigrations(url, folder)).toEqual([]);
  });

  it("a migration that fails leaves nothing, keeps those before it, and is tried again", async () => {
    write("2_more", 'create table "More" (id int)');
    write("3_broken", 'create table "Half" (id int); select 1 / 0;');
    write("4_after", 'create table "After" (id int)');
    expect(await refusalOf(url, folder)).toMatch(
      /3_broken says "division by zero"\. Nothing of it was applied/,
    );
    expect(await tables()).toEqual(["Kept", "More", "Other"]);
    expect((await recordsOf(client)).map(({ name }) => name)).toEqual(["1_table", "2_more"]);
    write("3_broken", 'create table "Half" (id int)');
    expect(await applyMigrations(url, folder)).toEqual(["3_broken", "4_after"]);
  });

  it("a statement that allows no transaction runs alone, while others wait for their turn", async () => {
    write("2_index", 'create index concurrently "Kept_id" on "Kept" (id)');
    const all = await Promise.all([1, 2, 3].map(() => applyMigrations(url, folder)));
    expect(all.flat()).toEqual(["2_index"]);
    expect(await tables()).toEqual(["Kept", "Kept_id", "Other"]);
    expect(await recordsOf(client)).toMatchObject([
      {},
      { name: "2_index", logs: null, steps: 1, finished: true },
    ]);
  });

  it("such a statement that fails is recorded with its reason, and nothing is tried again", async () => {
    await client.query('insert into "Kept" values (1), (1)');
    write("2_index", 'create unique index concurrently "Kept_id" on "Kept" (id)');
    expect(await refusalOf(url, folder)).toMatch(
      /2_index says "could not create unique index.*failed half-way/,
    );
    const { rows } = await client.query(
      "select logs, finished_at from _prisma_migrations where logs is not null",
    );
    expect(rows).toEqual([{ logs: expect.stringContaining("unique index"), finished_at: null }]);
    expect(await refusalOf(url, folder)).toContain("holds a migration that failed half-way (2_index)");
  });

  it("a script that commits by itself and then fails has failed half-way", async () => {
    write("2_commits", 'create table "Early" (id int); commit; select 1 / 0;');
    expect(await refusalOf(url, folder)).toMatch(/2_commits says "division by zero"\. It failed half-way/);
    expect(await refusalOf(url, folder)).toContain("failed half-way (2_commits)");
  });

  it("what others have made in a database stays as it is", async () => {
    await client.query("drop table _prisma_migrations");
    cpSync(migrationsFolder, folder, { recursive: true });
    expect(await refusalOf(url, folder)).toContain("is not empty");
    expect(await tables()).toEqual(["Kept", "Other"]);
    await client.query('drop table "Kept", "Other"');
    await client.query("create extension if not exists pg_trgm").catch(() => {});
    rmSync(join(folder, "1_table"), { recursive: true });
    expect(await applyMigrations(url, folder)).toEqual((await readMigrations()).map(({ name }) => name));
  });
});
