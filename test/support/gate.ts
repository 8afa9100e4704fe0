import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { writeCallerStatistics } from "@/lib/db/caller-statistics";
import { pool } from "@/lib/db/pool";
import { BodyMemory } from "@/lib/gate/held-body";
import type { GateRequest } from "@/lib/gate/messages";
import type { CallerEvent } from "@/lib/gate/observe/caller-event";
import { StatisticsWriter, type StatisticsWriterOptions } from "@/lib/gate/observe/statistics-writer";

/** The account of this file of tests. */
export const observedAccountId = randomUUID();
/** The id of an instance that does not exist. */
export const newId = () => randomUUID().replaceAll("-", "").slice(0, 20);

/** Makes an instance. */
export async function makeInstance(instanceId = newId()): Promise<string> {
  await pool().query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     VALUES ($1, $2, $1, '', '', now())`,
    [instanceId, observedAccountId],
  );
  return instanceId;
}

/** A writer of statistics that writes when it is told to. */
export const statisticsWriter = (more: Partial<StatisticsWriterOptions> = {}) =>
  new StatisticsWriter({ write: writeCallerStatistics, intervalMs: 1_000_000, ...more });

/** A request to an instance of this account. */
export const seen = (instanceId: string, more: Partial<CallerEvent> = {}) =>
  testEvent({ accountId: observedAccountId, instanceId, ...more });

/** All requests that are written down for an instance. */
export async function sum(table: "TrafficHour" | "CallerHour", instanceId: string): Promise<number> {
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

/** The rows of an instance's callers, the others last. */
export const callersOf = async (instanceId: string) =>
  (
    await pool().query(`SELECT * FROM "Caller" WHERE "instanceId" = $1 ORDER BY "others", "address"`, [
      instanceId,
    ])
  ).rows;

/** Makes the account. */
export async function makeObservedAccount(): Promise<void> {
  await pool().query(`INSERT INTO "Account" ("id", "name") VALUES ($1, 'observed')`, [observedAccountId]);
}

/** Removes the account. */
export async function removeObservedAccount(): Promise<void> {
  await pool().query(`DELETE FROM "Account" WHERE "id" = $1`, [observedAccountId]);
}

/** An event for tests: an accepted request without a token. */
export function testEvent(more: Partial<CallerEvent> = {}): CallerEvent {
  return {
    accountId: "00000000-0000-4000-8000-000000000001",
    instanceId: "AAAAAAAAAAAAAAAAAAAA",
    clientAddress: "203.0.113.9",
    userAgent: "curl/8.5.0",
    method: "POST",
    rest: "/messages/12345",
    about: null,
    asksForAnother: false,
    outcome: "accepted",
    token: "missing",
    requests: 1,
    at: Date.UTC(2026, 10, 24, 12, 30),
    ...more,
  };
}

/** Limits that a test reaches soon. */
export const fewLimits = {
  callersPerInstance: 4,
  callersPerAccount: 6,
  counters: 12,
  otherCounters: 40,
  endpoints: 20,
};

/** Events of a few callers of two accounts, within four hours. */
export const arbitraryEvent: fc.Arbitrary<CallerEvent> = fc
  .record({
    accountId: fc.constantFrom("one", "two"),
    instance: fc.integer({ min: 0, max: 3 }),
    clientAddress: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", null),
    userAgent: fc.constantFrom("curl/8", "curl/9", "n8n", null, "x".repeat(3000)),
    outcome: fc.constantFrom("accepted", "missing", "unknown", "instance_paused"),
    at: fc.integer({ min: 3_600_000, max: 4 * 3_600_000 }),
  } as const)
  .map(({ instance, ...more }) =>
    testEvent({ ...more, instanceId: `${more.accountId}${instance}`, token: "missing" }),
  );

/** For bodies that name an instance, of 1 MiB at most. */
export const testBodies = new BodyMemory({ largestBytes: 1024 * 1024 });

/** A request for tests, as a door would hand it over. */
export function testRequest(more: Partial<GateRequest> = {}): GateRequest {
  return {
    id: "00000000-0000-4000-8000-000000000000",
    method: "GET",
    target: "/",
    headers: [],
    body: null,
    bodyOutOfReach: false,
    clientAddress: "203.0.113.9",
    host: "dashboard.example",
    protocol: "https",
    ...more,
  };
}
