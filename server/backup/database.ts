import { once } from "node:events";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { Refusal } from "../command";
import { applyMigrations } from "../migrations/apply";
import { withClient as connected, isMissing } from "../migrations/connect";
import { migrationState, readMigrations } from "../migrations/history";
import { StartError } from "../terminal";
import { keepWords } from "../words";
import {
  BackupError,
  type BackupHead,
  type BackupReading,
  isSame,
  Summing,
  type TableForm,
  type TableRows,
  type TableSums,
} from "./form";

/** Says which processes run, and is untrue anywhere else. */
const passing = ["GateNode", "GateConfirmation"];

/** What a Latchkey writes as soon as it starts, before anybody has an account. */
const ownNotes = ["SecretKey", "login_limit"];

/** Everything is written in one way, whatever a server is set to. */
const oneForm = `
  SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1;
  SET bytea_output = 'hex'; SET statement_timeout = 0; SET lock_timeout = 0;
  SET idle_in_transaction_session_timeout = 0`;

/** A connection of its own to a database, for as long as `work` takes. @throws StartError when there is none */
export function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return connected(databaseUrl, "latchkey-backup", async (client) => {
    await client.query(oneForm);
    return work(client);
  });
}

interface Table extends TableForm {
  /** How its rows are put in order, whatever the database sorts by. */
  readonly order: string;
  /** Tables that its rows refer to. */
  readonly needs: readonly string[];
}

/** All tables, those that others refer to first. */
async function tablesOf(client: pg.Client): Promise<readonly Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT c.relname AS "table",
            (SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
            (SELECT string_agg(quote_ident(a.attname) || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END,
                               ', ' ORDER BY k.place)
               FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
              WHERE i.indrelid = c.oid AND i.indisprimary) AS "order",
            coalesce((SELECT json_agg(DISTINCT f.relname) FROM pg_constraint r JOIN pg_class f ON f.oid = r.confrelid
                       WHERE r.conrelid = c.oid AND r.contype = 'f' AND r.confrelid <> c.oid), '[]') AS needs
       FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        AND c.relname <> '_prisma_migrations' AND NOT (c.relname = ANY($1::text[]))
      ORDER BY c.relname COLLATE "C"`,
    [passing],
  );
  const sorted: Table[] = [];
  const isThere = (name: string) => sorted.some(({ table }) => table === name);
  for (let left = rows; left.length > 0; ) {
    const next = left.filter(({ needs }) => needs.every(isThere));
    if (next.length === 0) throw new Error("backup: tables refer to each other in a circle");
    sorted.push(...next);
    left = left.filter((table) => !next.includes(table));
  }
  return sorted;
}

const quoted = (names: readonly string[]) => names.map((name) => pg.escapeIdentifier(name)).join(", ");

function rowsOf(client: pg.Client, { table, columns, order }: Table): AsyncIterable<Buffer> {
  const from = `SELECT ${quoted(columns)} FROM ${pg.escapeIdentifier(table)} ORDER BY ${order}`;
  return client.query(copyTo(`COPY (${from}) TO STDOUT`));
}

/** What the data of a database is under, and what was applied to it. */
type DatabaseHead = Pick<BackupHead, "migrations" | "secretId">;

/**
 * Reads everything that a database holds as it is at one moment, however long that takes and whatever is written
 * meanwhile.
 *
 * @throws StartError when it is not up to date, or was migrated by a newer Latchkey
 */
export async function snapshot(client: pg.Client): Promise<{
  readonly head: DatabaseHead;
  readonly tables: AsyncIterable<TableRows>;
}> {
  await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  const state = await migrationState(client, await readMigrations());
  if (state.pending.length + state.failed.length + state.unknown.length > 0)
    throw new StartError(keepWords("database.notCurrent"));
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    `SELECT migration_name AS name, checksum FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
  );
  const { rows: secrets } = await client.query<{ id: string }>(
    `SELECT "id" FROM "SecretKey" WHERE "retiredAt" IS NULL`,
  );
  const tables = await tablesOf(client);
  async function* read(): AsyncGenerator<TableRows> {
    for (const table of tables) {
      const { columns } = table;
      yield { form: { table: table.table, columns }, rows: rowsOf(client, table) };
    }
  }
  return { head: { migrations, secretId: secrets[0]?.id ?? null }, tables: read() };
}

/** The sums of all tables of a database, as a backup of it would have them. */
export async function sumsOf(client: pg.Client, names?: readonly string[]): Promise<TableSums> {
  const sums: [string, ReturnType<Summing["sum"]>][] = [];
  for (const table of await tablesOf(client)) {
    if (names && !names.includes(table.table)) continue;
    const summing = new Summing();
    for await (const piece of rowsOf(client, table)) summing.take(piece);
    sums.push([table.table, summing.sum()]);
  }
  return Object.fromEntries(sums);
}

/** @throws Refusal when a database holds anything that a restore would be added to */
async function requireEmpty(client: pg.Client): Promise<void> {
  for (const { table } of await tablesOf(client)) {
    if (ownNotes.includes(table)) continue;
    const { rows } = await client.query<{ any: boolean }>(
      `SELECT EXISTS (SELECT FROM ${pg.escapeIdentifier(table)}) AS any`,
    );
    if (rows[0]?.any) throw new Refusal(keepWords("restore.notEmpty", { table }));
  }
}

/** @throws BackupError for a backup of a Latchkey that knows more than this one */
export async function requireKnown({ migrations }: DatabaseHead): Promise<void> {
  const ours = new Map((await readMigrations()).map(({ name, checksum }) => [name, checksum]));
  if (migrations.some(({ name, checksum }) => ours.get(name) !== checksum))
    throw new BackupError(keepWords("file.newer"));
}

/** Gives an empty database the tables that a backup was made of. */
async function prepare(databaseUrl: string, { migrations }: DatabaseHead): Promise<void> {
  const wanted = migrations.map(({ name }) => name);
  const isOther = await withClient(databaseUrl, async (client) => {
    await requireEmpty(client);
    const { pending } = await migrationState(client, await readMigrations());
    const all = (await readMigrations()).map(({ name }) => name);
    const applied = all.filter((name) => !pending.includes(name));
    return applied.length > 0 && applied.some((name) => !wanted.includes(name));
  }).catch((error: unknown) => {
    // Made by the migrations.
    if (isMissing(error)) return false;
    throw error;
  });
  if (isOther) {
    // A newer Latchkey was started on it and left its tables, without a row.
    await withClient(databaseUrl, async (client) => {
      const { rows } = await client.query<{ schema: string }>("SELECT current_schema() AS schema");
      const schema = pg.escapeIdentifier(rows[0]?.schema ?? "public");
      await client.query(`BEGIN; DROP SCHEMA ${schema} CASCADE; CREATE SCHEMA ${schema}; COMMIT`);
    });
  }
  await applyMigrations(databaseUrl, undefined, wanted);
}

async function loadTable(client: pg.Client, { form, rows }: TableRows): Promise<void> {
  const { table, columns } = form;
  const stream = client.query(copyFrom(`COPY ${pg.escapeIdentifier(table)} (${quoted(columns)}) FROM STDIN`));
  const failed = once(stream, "error").then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  try {
    for await (const piece of rows)
      if (!stream.write(piece)) await Promise.race([once(stream, "drain"), failed]);
    stream.end();
    await Promise.race([once(stream, "finish"), failed]);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

/** What to do in the transaction of a restore, before it is kept. */
type BeforeCommit = (client: pg.Client) => Promise<void>;

/**
 * Puts what a backup holds into an empty database, in one transaction: all of it, the same to the byte, or nothing.
 * Afterwards the database is brought up to date.
 *
 * @returns the sums of the tables as they are in the database now, read back from it
 * @throws Refusal when it is not empty; BackupError when what was read is not whole, or something else came of it
 */
export async function restoreInto(
  databaseUrl: string,
  reading: BackupReading,
  beforeCommit: BeforeCommit,
): Promise<TableSums> {
  await requireKnown(reading.head);
  await prepare(databaseUrl, reading.head);
  const sums = await withClient(databaseUrl, async (client) => {
    try {
      await client.query("BEGIN");
      const known = await tablesOf(client);
      await client.query(`LOCK TABLE ${quoted(known.map(({ table }) => table))} IN EXCLUSIVE MODE`);
      await requireEmpty(client);
      for (const table of ownNotes.filter((name) => known.some((each) => each.table === name)))
        await client.query(`DELETE FROM ${pg.escapeIdentifier(table)}`);
      for await (const table of reading.tables) await loadTable(client, table);
      const told = reading.end();
      const found = await sumsOf(client, Object.keys(told));
      if (!isSame(told, found)) throw new BackupError(keepWords("restore.different"));
      await beforeCommit(client);
      // Another server counts its transactions anew.
      await client.query(`UPDATE "Account" SET "epochXid" = NULL, "epochAt" = NULL`);
      await client.query("COMMIT");
      return found;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => {});
      throw error;
    }
  });
  await applyMigrations(databaseUrl);
  return sums;
}
