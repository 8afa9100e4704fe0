import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusesData, writeObservations } from "@/lib/db/observations";
import { pool } from "@/lib/db/pool";
import { callerLimits, otherCallersId } from "@/lib/domain/caller";
import type { Observation } from "../observation";
import { createObserver, type ObserverOptions } from "./observer";
import { testObservation } from "./test-observation";

const accountId = randomUUID();
const newId = () => randomUUID().replaceAll("-", "").slice(0, 20);

async function makeInstance(instanceId = newId()): Promise<string> {
  await pool().query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     VALUES ($1, $2, $1, '', '', now())`,
    [instanceId, accountId],
  );
  return instanceId;
}

const observe = (more: Partial<ObserverOptions> = {}) =>
  createObserver({ write: writeObservations, intervalMs: 1_000_000, ...more });

const seen = (instanceId: string, more: Partial<Observation> = {}) =>
  testObservation({ accountId, instanceId, ...more });

async function sum(table: "TrafficHour" | "CallerHour", instanceId: string): Promise<number> {
  const where =
    table === "TrafficHour"
      ? `"instanceId" = $1`
      : `"callerId" IN (SELECT "id" FROM "Caller" WHERE "instanceId" = $1)`;
  const { rows } = await pool().query<{ all: string }>(
    `SELECT coalesce(sum("requests"), 0) AS all FROM "${table}" WHERE ${where}`,
    [instanceId],
  );
  return Number(rows[0]?.all);
}

const callersOf = async (instanceId: string) =>
  (
    await pool().query(`SELECT * FROM "Caller" WHERE "instanceId" = $1 ORDER BY "others", "address"`, [
      instanceId,
    ])
  ).rows;

describe("observations on PostgreSQL", () => {
  beforeAll(async () => {
    await pool().query(`INSERT INTO "Account" ("id", "name") VALUES ($1, 'observed')`, [accountId]);
  });

  afterAll(async () => {
    await pool().query(`DELETE FROM "Account" WHERE "id" = $1`, [accountId]);
    await pool().end();
  });

  it("add up exactly when several gates write the same callers at once", async () => {
    const instances = await Promise.all([1, 2, 3].map(() => makeInstance()));
    const gates = Array.from({ length: 6 }, () => observe());
    for (let round = 0; round < 20; round++) {
      for (const [index, gate] of gates.entries()) {
        for (let n = 0; n < 30; n++) {
          const instanceId = instances[(n + index) % 3] ?? "";
          gate.record(seen(instanceId, { clientAddress: `10.0.0.${(n * 7 + index) % 10}` }));
        }
      }
      await Promise.all(gates.map((gate) => gate.flush()));
    }
    await Promise.all(gates.map((gate) => gate.close()));
    for (const table of ["TrafficHour", "CallerHour"] as const) {
      const sums = await Promise.all(instances.map((instanceId) => sum(table, instanceId)));
      expect(sums).toEqual([1200, 1200, 1200]);
    }
  });

  it("keep a caller's first and newest sight, whichever batch comes first", async () => {
    const instanceId = await makeInstance();
    const at = Date.UTC(2026, 10, 24, 12, 59, 59, 999);
    const [late, early] = [observe(), observe()];
    late.record(seen(instanceId, { at: at + 1, token: "live", method: "GET", rest: "/late" }));
    await late.close();
    early.record(seen(instanceId, { at, outcome: "missing", rest: "/early/1234567" }));
    await early.close();
    const found = { where: `c."instanceId" = '${instanceId}'` };
    const { rows } = await pool().query(
      `SELECT c.*, h."hour", h."outcome", h."token", h."requests"
         FROM "Caller" c JOIN "CallerHour" h ON h."callerId" = c."id" WHERE ${found.where} ORDER BY h."hour"`,
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      accountId,
      address: "203.0.113.9",
      agent: "curl",
      firstSeenAt: new Date(at),
      lastSeenAt: new Date(at + 1),
      lastMethod: "GET",
      lastPath: "/late",
      lastOutcome: "accepted",
      lastToken: "live",
      acceptedAt: new Date(at + 1),
      rejectedAt: new Date(at),
      liveAt: new Date(at + 1),
      notLiveAt: new Date(at),
    });
    expect(rows.map(({ hour, outcome }) => [hour.toISOString(), outcome])).toEqual([
      ["2026-11-24T12:00:00.000Z", "missing"],
      ["2026-11-24T13:00:00.000Z", "accepted"],
    ]);
  });

  it("are kept while the database is gone, and written when it is back", async () => {
    const instanceId = await makeInstance();
    const failures: number[] = [];
    let gone = true;
    const observer = observe({
      write: (batch) => (gone ? Promise.reject(new Error("ECONNREFUSED")) : writeObservations(batch)),
      onFailure: (_error, waiting) => failures.push(waiting),
    });
    for (let n = 1; n <= 3; n++) {
      observer.record(seen(instanceId));
      await observer.flush();
    }
    expect(failures).toEqual([1, 2, 3]);
    gone = false;
    await observer.close();
    expect(await sum("TrafficHour", instanceId)).toBe(3);
  });

  it("survive that every connection is cut in the middle of writing", async () => {
    const instanceId = await makeInstance();
    const killer = new pg.Client({ connectionString: process.env.DATABASE_URL });
    await killer.connect();
    let failed = 0;
    const watched = createObserver({
      write: (batch) =>
        writeObservations(batch).catch((error: unknown) => {
          failed++;
          throw error;
        }),
      intervalMs: 1_000_000,
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

  it("leave out instances that were deleted meanwhile, and keep the rest", async () => {
    const [kept, deleted] = [await makeInstance(), newId()];
    const observer = observe();
    observer.record(seen(deleted));
    observer.record(seen(kept));
    await observer.close();
    expect(await sum("TrafficHour", kept)).toBe(1);
    expect(await callersOf(deleted)).toEqual([]);
  });

  it("keep no more callers of an instance than its limit; the others are summed up and none is lost", async () => {
    const instanceId = await makeInstance();
    const half = callerLimits.perInstance / 2;
    for (let round = 0; round < 4; round++) {
      const observer = observe();
      for (let n = 0; n < half + 10; n++) {
        observer.record(seen(instanceId, { clientAddress: `10.${round}.${n >> 8}.${n & 255}` }));
      }
      await observer.close();
    }
    const callers = await callersOf(instanceId);
    expect(callers).toHaveLength(callerLimits.perInstance + 1);
    expect(callers.at(-1)).toMatchObject({
      id: otherCallersId(instanceId),
      others: true,
      address: null,
      agent: "",
      userAgent: "",
    });
    expect(await sum("CallerHour", instanceId)).toBe(4 * (half + 10));
    expect(await sum("TrafficHour", instanceId)).toBe(4 * (half + 10));
  });

  it("take whatever bytes a client sends", async () => {
    const instanceId = await makeInstance();
    const observer = observe();
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    observer.record(
      seen(instanceId, { userAgent: bytes, method: '\u00ff{}",', rest: `/${bytes}`, clientAddress: null }),
    );
    observer.record(seen(instanceId, { userAgent: "\ud800", method: "X".repeat(9000), rest: "" }));
    await observer.close();
    expect(await sum("TrafficHour", instanceId)).toBe(2);
  });

  it("are refused for good only for what they hold", () => {
    const failure = (code: string) => Object.assign(new Error("x"), { code });
    expect(["22021", "22P02", "23514"].map((code) => refusesData(failure(code)))).toEqual([true, true, true]);
    expect(["57P01", "40P01", "23503", "ECONNREFUSED"].some((code) => refusesData(failure(code)))).toBe(
      false,
    );
  });
});
