import type { Client } from "pg";
import { StartError } from "../terminal";
import { connectOrCreate, placeOf } from "./connect";
import { runMigrations } from "./engine";
import { type MigrationState, migrationState, readMigrations } from "./history";

/** Any fixed number that nothing else in the database locks ("latchkey" in ASCII, shortened). */
const lockKey = 0x6c_61_74_63;

function checkHistory(place: string, { failed, unknown, pending }: MigrationState, first: string): void {
  if (failed.length > 0) {
    throw new StartError(
      `the database at ${place} holds a migration that failed half-way (${failed.join(", ")}). ` +
        "Restore a backup, or mend it and mark it with: npx prisma migrate resolve.",
    );
  }
  if (unknown.length > 0 && pending.includes(first)) {
    throw new StartError(
      `the database at ${place} was made before Latchkey 0.1 and cannot be brought up to date. Begin with an ` +
        "empty one: name another in DATABASE_URL, or move the data folder (LATCHKEY_DATA_DIR) out of the way.",
    );
  }
}

async function applyLocked(client: Client, databaseUrl: string): Promise<readonly string[]> {
  const migrations = await readMigrations();
  const state = await migrationState(client, migrations);
  checkHistory(placeOf(databaseUrl), state, migrations[0]?.name ?? "");
  return state.pending.length === 0 ? [] : runMigrations(databaseUrl, migrations);
}

/**
 * Brings a database up to this checkout's schema, creating it when it does not exist. Any number of
 * processes may do so at once: a PostgreSQL advisory lock lets one in, the others find nothing to do.
 *
 * @returns the names of the migrations that this call applied
 * @throws StartError in words for an operator
 */
export async function applyMigrations(databaseUrl: string): Promise<readonly string[]> {
  const client = await connectOrCreate(databaseUrl);
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    return await applyLocked(client, databaseUrl);
  } finally {
    // Closing the session releases the lock, also when the process is killed.
    await client.end();
  }
}
