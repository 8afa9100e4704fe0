import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusesData, writeCallerStatistics } from "@/lib/db/caller-statistics";
import {
  makeInstance,
  makeObservedAccount,
  removeObservedAccount,
  seen,
  statisticsWriter,
  sum,
} from "@/test/support/gate";

describe("caller statistics while the database is in trouble", () => {
  beforeAll(makeObservedAccount);
  afterAll(removeObservedAccount);

  it("are kept while the database is gone, and written when it is back", async () => {
    const instanceId = await makeInstance();
    const failures: number[] = [];
    let gone = true;
    const writer = statisticsWriter({
      write: (batch) => (gone ? Promise.reject(new Error("ECONNREFUSED")) : writeCallerStatistics(batch)),
      onFailure: (_error, waiting) => failures.push(waiting),
    });
    for (let n = 1; n <= 3; n++) {
      writer.record(seen(instanceId));
      await writer.flush();
    }
    expect(failures).toEqual([1, 2, 3]);
    gone = false;
    await writer.close();
    expect(await sum("TrafficHour", instanceId)).toBe(3);
  });

  it("survive that every connection is cut in the middle of writing", async () => {
    const instanceId = await makeInstance();
    const killer = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await killer.connect();
    let failed = 0;
    const watched = statisticsWriter({
      write: (batch) =>
        writeCallerStatistics(batch).catch((error: unknown) => {
          failed++;
          throw error;
        }),
    });
    await killer.query("BEGIN");
    await killer.query(`LOCK TABLE "TrafficHour" IN EXCLUSIVE MODE`);
    watched.record(seen(instanceId));
    const writing = watched.flush();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await killer.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await writing;
    await killer.query("ROLLBACK");
    await killer.end();
    // The pool hears of its idle connections' ends.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await watched.close();
    expect(failed).toBeGreaterThan(0);
    expect(await sum("TrafficHour", instanceId)).toBe(1);
  });

  it("are refused for good only for what they hold", () => {
    const failure = (code: string) => Object.assign(new Error("x"), { code });
    expect(["22021", "22P02", "23514"].map((code) => refusesData(failure(code)))).toEqual([true, true, true]);
    expect(["57P01", "40P01", "23503", "ECONNREFUSED"].some((code) => refusesData(failure(code)))).toBe(
      false,
    );
  });
});
