import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { waitUntil } from "../processes";
import { codeOf, StartError } from "../terminal";
import { failure } from "../words";
import { connectOrCreate, explainDatabaseError, placeOf } from "./connect";
import {
  type Migration,
  type MigrationState,
  migrationState,
  migrationsFolder,
  readMigrations,
} from "./history";

/** The key of the lock that Prisma's own engine takes, so that `prisma migrate deploy` and this exclude each other. */
const lockKey = 72_707_369;

/**
 * Waits for its turn, however long another process migrates. It asks again and again: a session that waits inside
 * `pg_advisory_lock` has a snapshot, for which `create index concurrently` would wait in turn.
 */
async function lock(client: Client): Promise<void> {
  const isHeld = async () => {
    const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [
      lockKey,
    ]);
    return rows[0]?.held === true;
  };
  await waitUntil(isHeld, { withinMs: Number.POSITIVE_INFINITY, everyMs: 50 });
}

/** @throws StartError for a history that this checkout cannot go on from */
function checkHistory(place: string, state: MigrationState, first: string | undefined): void {
  const { failed, unknown, altered, pending } = state;
  if (failed.length > 0)
    throw new StartError(failure("migration.failed", { place, names: failed.join(", ") }));
  if (unknown.length > 0 && first !== undefined && pending.includes(first))
    throw new StartError(failure("migration.foreign", { place }));
  if (altered.length > 0)
    throw new StartError(failure("migration.altered", { place, names: altered.join(", ") }));
}

/** Word for word as Prisma's engine makes it; a test compares the two. */
const prismaTable = `
  create table _prisma_migrations (
    id                  varchar(36) primary key not null,
    checksum            varchar(64) not null,
    finished_at         timestamptz,
    migration_name      varchar(255) not null,
    logs                text,
    rolled_back_at      timestamptz,
    started_at          timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

/**
 * Makes Prisma's table where it is missing.
 *
 * @throws StartError where something is that no migration of ours has made; extensions do not count
 */
async function prepareTable(client: Client, place: string): Promise<void> {
  const { rows } = await client.query<{ there: boolean; occupied: boolean }>(
    `select to_regclass('_prisma_migrations') is not null as there, exists (
       select from pg_class where relnamespace = current_schema()::regnamespace and not exists (
         select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e'
     )) as occupied`,
  );
  if (rows[0]?.there) return;
  if (rows[0]?.occupied) throw new StartError(failure("migration.occupied", { place }));
  await client.query(prismaTable);
}

/** Begun, run, finished: the three steps of Prisma's engine, with the rows that it writes. */
async function runRecorded(client: Client, id: string, { name, sql, checksum }: Migration): Promise<void> {
  await client.query(
    `insert into _prisma_migrations (id, checksum, migration_name, started_at)
       values ($1, $2, $3, clock_timestamp())`,
    [id, checksum, name],
  );
  // Without parameters, a script goes to PostgreSQL's own parser as it is, however many statements it has.
  await client.query(sql);
  await client.query(
    "update _prisma_migrations set finished_at = clock_timestamp(), applied_steps_count = 1 where id = $1",
    [id],
  );
}

/** Notes in a migration's record, if it is there, why it failed. True when it is there: the migration is half-way then. */
async function noteFailure(client: Client, id: string, reason: string): Promise<boolean> {
  const noted = await client.query("update _prisma_migrations set logs = $2 where id = $1", [id, reason]);
  return noted.rowCount === 1;
}

/** What PostgreSQL says of a statement that it runs outside of transactions only, `create index concurrently` for one. */
const noTransactionAllowed = "25001";

/**
 * Applies one migration in one transaction with its record, so that a failed one leaves nothing and the next start
 * tries it again. Prisma's engine would keep a record of the failure and go no further, because it cannot tell
 * whether something was applied. That is what happens here too to a statement that allows no transaction: it is run
 * by itself, and has to be the only one of its migration.
 *
 * @throws StartError that names the migration, the reason and what is left
 */
async function applyMigration(client: Client, migration: Migration, place: string): Promise<void> {
  for (const transaction of [true, false]) {
    const id = randomUUID();
    try {
      if (transaction) await client.query("begin");
      await runRecorded(client, id, migration);
      if (transaction) await client.query("commit");
      return;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A connection that broke has taken its transaction along. A script may have ended ours and begun to commit.
      if (transaction) await client.query("rollback").catch(() => {});
      const isLeft = await noteFailure(client, id, reason).catch(() => !transaction);
      if (transaction && !isLeft && codeOf(error) === noTransactionAllowed) continue;
      const { name } = migration;
      const said = failure(isLeft ? "migration.halfWay" : "migration.refused", { place, name, reason });
      throw new StartError(said, { cause: error });
    }
  }
}

/**
 * Brings a database up to the schema of a folder of migrations, creating it when it does not exist, and keeps
 * Prisma's own record of it, so that `prisma migrate deploy` agrees on what is applied. Any number of processes may do
 * so at once: a PostgreSQL advisory lock lets one in, the others find nothing to do.
 *
 * @param only the names of those to apply, all others stay for later; undefined: all
 * @returns the names of the migrations that this call applied
 * @throws StartError in words for an operator; a history that is not ours stays as it is
 */
export async function applyMigrations(
  databaseUrl: string,
  folder = migrationsFolder,
  only?: readonly string[],
): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const place = placeOf(databaseUrl);
  const client = await connectOrCreate(databaseUrl);
  try {
    await lock(client);
    const state = await migrationState(client, migrations);
    checkHistory(place, state, migrations[0]?.name);
    const due = state.pending.filter((name) => only?.includes(name) ?? true);
    if (due.length > 0) await prepareTable(client, place);
    for (const migration of migrations) {
      if (due.includes(migration.name)) await applyMigration(client, migration, place);
    }
    return due;
  } catch (error) {
    throw error instanceof StartError ? error : explainDatabaseError(error, databaseUrl);
  } finally {
    // Closing the session releases the lock, also when the process is killed.
    await client.end();
  }
}
