import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { sentAlertDays } from "@/lib/domain/alert";
import { callerLimits } from "@/lib/domain/caller";
import { pool } from "./pool";
import { forgetOldTraffic } from "./traffic";

const now = new Date("2026-11-24T12:00:00Z");
const dayMs = 86_400_000;
const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);

async function makeInstance(trafficDays: number): Promise<{ accountId: string; instanceId: string }> {
  const accountId = randomUUID();
  const instanceId = randomUUID().replaceAll("-", "").slice(0, 20);
  await pool().query(`INSERT INTO "Account" ("id", "name", "trafficDays") VALUES ($1, 'x', $2)`, [
    accountId,
    trafficDays,
  ]);
  await pool().query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     VALUES ($1, $2, 'x', '', '', now())`,
    [instanceId, accountId],
  );
  return { accountId, instanceId };
}

/** Callers that were first and last heard so many days ago, with one hour of traffic at each end. */
async function addCallers(
  at: { accountId: string; instanceId: string },
  count: number,
  first: number,
  last: number,
) {
  await pool().query(
    `WITH new AS (
       INSERT INTO "Caller" SELECT gen_random_uuid(), $1, $2, false, n::text, 'curl', 'curl', $3, $4,
         'GET', '/', 'accepted', 'live', $4, NULL, $4, NULL FROM generate_series(1, $5) n RETURNING "id")
     INSERT INTO "CallerHour" SELECT "id", hour, 'accepted', 'live', 1
       FROM new, (SELECT DISTINCT date_trunc('hour', h) AS hour FROM unnest(ARRAY[$3, $4]::timestamptz[]) h) hours`,
    [at.accountId, at.instanceId, daysAgo(first), daysAgo(last), count],
  );
}

/** Gives one caller of the instance a name, or says that it is gone. */
async function change(instanceId: string, set: string, where: string): Promise<void> {
  await pool().query(`UPDATE "Caller" SET ${set} WHERE "instanceId" = $1 AND ${where}`, [instanceId]);
}

async function left(instanceId: string) {
  const { rows } = await pool().query<{ callers: number; hours: number; traffic: number }>(
    `SELECT (SELECT count(*)::int FROM "Caller" WHERE "instanceId" = $1) AS callers,
            (SELECT count(*)::int FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
              WHERE c."instanceId" = $1) AS hours,
            (SELECT count(*)::int FROM "TrafficHour" WHERE "instanceId" = $1) AS traffic`,
    [instanceId],
  );
  return rows[0];
}

describe("forgetting old traffic", () => {
  beforeEach(async () => {
    await pool().query(`DELETE FROM "Account"`);
  });

  afterAll(async () => {
    await pool().query(`DELETE FROM "Account"`);
  });

  it("goes by each account's own retention", async () => {
    const [month, week] = await Promise.all([makeInstance(30), makeInstance(7)]);
    for (const instance of [month, week]) {
      await addCallers(instance, 1, 31, 31);
      await addCallers(instance, 1, 31, 1);
      await addCallers(instance, 1, 10, 10);
      for (const days of [31, 29, 8, 6]) {
        await pool().query(`INSERT INTO "TrafficHour" VALUES ($1, $2, 'accepted', 'live', 1)`, [
          instance.instanceId,
          daysAgo(days),
        ]);
      }
    }
    expect(await forgetOldTraffic(now)).toBeGreaterThan(0);
    expect(await left(month.instanceId)).toEqual({ callers: 2, hours: 2, traffic: 3 });
    expect(await left(week.instanceId)).toEqual({ callers: 1, hours: 1, traffic: 1 });
    expect(await forgetOldTraffic(now)).toBe(0);
  });

  it("keeps whom the armed token waits for until it waits no more", async () => {
    const monthly = await makeInstance(30);
    await addCallers(monthly, 4, 40, 35);
    await addCallers(monthly, 1, 31, 31);
    await addCallers(monthly, 1, 70, 65);
    await change(monthly.instanceId, `"leftOutAt" = now()`, `"address" = '3'`);
    await change(monthly.instanceId, `"dismissedAt" = now()`, `"address" = '4'`);
    const arm = (at: Date | null) =>
      pool().query(`UPDATE "Account" SET "armedAt" = $2 WHERE "id" = $1`, [monthly.accountId, at]);
    await arm(daysAgo(32));
    await forgetOldTraffic(now);
    expect((await left(monthly.instanceId))?.callers).toBe(2);
    await arm(null);
    await forgetOldTraffic(now);
    expect((await left(monthly.instanceId))?.callers).toBe(0);
  });

  it("forgets after a long time that an alert went out", async () => {
    const { accountId } = await makeInstance(30);
    for (const days of [sentAlertDays - 1, sentAlertDays + 1]) {
      const values = [accountId, String(days), daysAgo(days)];
      await pool().query(`INSERT INTO "SentAlert" VALUES ($1, 'grace_ends', $2, $3)`, values);
    }
    expect(await forgetOldTraffic(now)).toBe(1);
    expect(await forgetOldTraffic(now)).toBe(0);
  });

  it("makes room at the limit: callers that came and went a day ago leave, those that stayed remain", async () => {
    const [full, roomy] = await Promise.all([makeInstance(30), makeInstance(30)]);
    for (const instance of [full, roomy]) {
      await addCallers(instance, 10, 20, 2);
      await addCallers(instance, 10, 0.5, 0.5);
    }
    await addCallers(full, callerLimits.perInstance - 20, 2, 2);
    await addCallers(roomy, 100, 2, 2);
    await forgetOldTraffic(now);
    expect((await left(full.instanceId))?.callers).toBe(20);
    expect((await left(roomy.instanceId))?.callers).toBe(120);
  });

  it("spares, in a flood, callers with a name and those that came alone until they had a week to come back", async () => {
    const shop = await makeInstance(30);
    await addCallers(shop, 1, 3, 3);
    await addCallers(shop, 1, 7, 7);
    await addCallers(shop, 1, 9, 9);
    await addCallers(shop, callerLimits.perInstance, 2, 2);
    await change(shop.instanceId, `"name" = 'Night job'`, `"address" = '500'`);
    await forgetOldTraffic(now);
    const { rows } = await pool().query(
      `SELECT "name", "lastSeenAt" FROM "Caller" WHERE "instanceId" = $1 ORDER BY "lastSeenAt" DESC`,
      [shop.instanceId],
    );
    expect(rows).toEqual([
      { name: "Night job", lastSeenAt: daysAgo(2) },
      { name: null, lastSeenAt: daysAgo(3) },
      { name: null, lastSeenAt: daysAgo(7) },
    ]);
  });

  it("keeps an instance all of whose callers have names, and lets those called gone leave first", async () => {
    const named = await makeInstance(30);
    await addCallers(named, callerLimits.perInstance, 5, 2);
    await change(named.instanceId, `"name" = 'x'`, "true");
    expect(await forgetOldTraffic(now)).toBe(0);
    await change(named.instanceId, `"dismissedAt" = "lastSeenAt"`, `"address" = '7'`);
    await change(
      named.instanceId,
      `"dismissedAt" = "lastSeenAt" - interval '1 second'`,
      `"address" IN ('8', '9')`,
    );
    await forgetOldTraffic(now);
    expect((await left(named.instanceId))?.callers, "those that came back are not gone").toBe(499);
    await forgetOldTraffic(now);
    expect((await left(named.instanceId))?.callers).toBe(499);
  });

  it("is done by one process when several try at once", async () => {
    const { instanceId, accountId } = await makeInstance(30);
    await addCallers({ instanceId, accountId }, 400, 40, 40);
    const deleted = await Promise.all([1, 2, 3, 4].map(() => forgetOldTraffic(now)));
    expect(deleted.reduce((sum, rows) => sum + rows, 0)).toBe(800);
    expect(deleted.filter((rows) => rows > 0)).toHaveLength(1);
  });
});
