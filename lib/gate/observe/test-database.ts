import { randomUUID } from "node:crypto";
import { writeObservations } from "@/lib/db/observations";
import { pool } from "@/lib/db/pool";
import type { Observation } from "../observation";
import { createObserver, type ObserverOptions } from "./observer";
import { testObservation } from "./test-observation";

/** The account of this file of tests. */
export const accountId = randomUUID();
/** The id of an instance that does not exist. */
export const newId = () => randomUUID().replaceAll("-", "").slice(0, 20);

/** Makes an instance. */
export async function makeInstance(instanceId = newId()): Promise<string> {
  await pool().query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     VALUES ($1, $2, $1, '', '', now())`,
    [instanceId, accountId],
  );
  return instanceId;
}

/** An observer that writes when it is told to. */
export const observe = (more: Partial<ObserverOptions> = {}) =>
  createObserver({ write: writeObservations, intervalMs: 1_000_000, ...more });

/** A request to an instance of this account. */
export const seen = (instanceId: string, more: Partial<Observation> = {}) =>
  testObservation({ accountId, instanceId, ...more });

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
export async function makeAccount(): Promise<void> {
  await pool().query(`INSERT INTO "Account" ("id", "name") VALUES ($1, 'observed')`, [accountId]);
}

/** Removes the account and closes the pool. */
export async function removeAccount(): Promise<void> {
  await pool().query(`DELETE FROM "Account" WHERE "id" = $1`, [accountId]);
}
