import type { ClockReading } from "@/lib/domain/confirmation";
import { pool } from "./pool";

/** The database's clock in milliseconds since 1970, as a column of a query for `readClock`. */
export const clockColumn = `(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS "clockMs"`;

interface Queryable {
  query(text: string): Promise<{ rows: unknown[] }>;
}

/**
 * Reads the database's clock, beside whatever else one query asks for.
 *
 * @param query has `clockColumn` among its columns
 */
export async function readClock<R = unknown>(
  connection: Queryable,
  query = `SELECT ${clockColumn}`,
): Promise<{ row: R; reading: ClockReading }> {
  const askedAt = Date.now();
  const { rows } = await connection.query(query);
  const answeredAt = Date.now();
  const row = rows[0] as R & { clockMs: number };
  return { row, reading: { askedAt, answeredAt, other: row.clockMs } };
}

/** The same on a connection of this process's pool. */
export async function readPooledClock(): Promise<ClockReading> {
  return (await readClock(pool())).reading;
}
