import { setTimeout as sleep } from "node:timers/promises";
import { withDatabase } from "./seed";

/** Between two looks: how exact the durations are. */
const lookEveryMs = 10;

/** Every write of statistics that is under way, and for how long, by the database's clock. */
const writes = `
  select "pid" || ' ' || "xact_start" as "write",
         (extract(epoch from clock_timestamp() - "xact_start") * 1000)::float8 as "ms"
    from pg_stat_activity
   where "query" like '%WITH seen AS MATERIALIZED%' and "state" <> 'idle' and "pid" <> pg_backend_pid()
     and "datname" = current_database()`;

/**
 * Watches how long gates take to write what they observed, as the database sees it, until it is told to stop.
 *
 * @returns milliseconds of each write, 10 ms too short at most; writes that were shorter may be missing
 */
export function watchWrites(databaseUrl: string, enough: AbortSignal): Promise<number[]> {
  return withDatabase(databaseUrl, async (client) => {
    const longest = new Map<string, number>();
    while (!enough.aborted) {
      const { rows } = await client.query<{ write: string; ms: number }>(writes);
      for (const { write, ms } of rows) longest.set(write, ms);
      await sleep(lookEveryMs);
    }
    return [...longest.values()];
  });
}
