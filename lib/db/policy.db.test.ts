import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packDigest } from "@/lib/domain/gate";
import { openConfirmationStore } from "./gate-confirmations";
import { readPolicy } from "./policy";
import { pool } from "./pool";

const accountId = randomUUID();
const instanceId = randomUUID().replaceAll("-", "").slice(0, 20);
const digest = (byte: number) => new Uint8Array(32).fill(byte);

async function insertToken(state: string, byte: number, createdAt: Date, retireAt: Date | null = null) {
  await pool().query(
    `INSERT INTO "ClientToken" ("id", "accountId", "state", "digest", "lastFour", "createdAt", "retireAt")
     VALUES ($1, $2, $3::"TokenState", $4, '0000', $5, $6)`,
    [randomUUID(), accountId, state, digest(byte), createdAt, retireAt],
  );
}

describe("reading a policy", () => {
  const retireAt = new Date("2030-01-02T03:04:05.678Z");

  beforeAll(async () => {
    await pool().query(
      `INSERT INTO "Account" ("id", "name", "enforcement", "addressMode", "epoch")
       VALUES ($1, 'policy test', 'staged', 'enforce', 9007199254740993)`,
      [accountId],
    );
    await pool().query(
      `INSERT INTO "Instance" ("id", "accountId", "name", "upstreamUrl", "tokenDigest", "tokenSealed",
                               "headersSealed", "firstByteSeconds", "pausedAt", "enforced", "updatedAt")
       VALUES ($1, $2, 'x', 'https://api.example', $3, '', 'sealed', 66, now(), true, now())`,
      [instanceId, accountId, digest(1)],
    );
    await pool().query(
      `INSERT INTO "AddressRule" ("id", "accountId", "cidr") VALUES ($1, $2, '10.0.0.0/8')`,
      [randomUUID(), accountId],
    );
    await insertToken("current", 2, new Date(0));
    await insertToken("retiring", 3, new Date(0), retireAt);
    for (let at = 0; at < 30; at++) await insertToken("retired", 100 + at, new Date(at));
  });

  afterAll(async () => {
    await pool().query(`DELETE FROM "Account" WHERE "id" = $1`, [accountId]);
  });

  test("everything is there, in the decision's own types", async () => {
    const policy = await readPolicy(instanceId);
    expect(policy).toMatchObject({
      instanceId,
      accountId,
      paused: true,
      enforced: true,
      enforcement: "staged",
      addressMode: "enforce",
      upstreamUrl: "https://api.example",
      headersSealed: "sealed",
      firstByteSeconds: 66,
      epoch: 9007199254740993n,
    });
    expect(policy?.tokenDigest).toEqual(packDigest(digest(1)));
    expect(policy?.addresses.includes("10.1.2.3")).toBe(true);
    expect(policy?.addresses.includes("11.1.2.3")).toBe(false);
  });

  test("live tokens are never crowded out by retired ones, of which the newest are kept", async () => {
    const tokens = (await readPolicy(instanceId))?.tokens ?? [];
    expect(tokens).toHaveLength(20);
    expect(tokens).toContainEqual({ state: "current", digest: digest(2), retireAt: null });
    expect(tokens).toContainEqual({ state: "retiring", digest: digest(3), retireAt });
    expect(tokens).toContainEqual({ state: "retired", digest: digest(129), retireAt: null });
  });

  test("a retiring token is retired from its time on by the database's clock, and its row says so for good", async () => {
    const setEnd = (end: string) =>
      pool().query(`UPDATE "ClientToken" SET "retireAt" = ${end} WHERE "digest" = $1`, [digest(3)]);
    const stateNow = async () =>
      (await readPolicy(instanceId))?.tokens.find((token) => token.digest[0] === 3)?.state;
    await setEnd("now() + interval '1 minute'");
    expect(await stateNow()).toBe("retiring");
    // The column has milliseconds, and would round up.
    await setEnd("date_trunc('milliseconds', now())");
    expect(await stateNow()).toBe("retired");
    const store = openConfirmationStore({
      id: randomUUID(),
      gateId: randomUUID(),
      host: "h",
      pid: 1,
      leadPid: 1,
      stalenessMs: 1,
    });
    await store.sweep();
    await store.close();
    // As if the database's clock had been set back.
    await setEnd("now() + interval '1 hour'");
    expect(await stateNow()).not.toBe("retiring");
    const { rows } = await pool().query(`SELECT "state" FROM "ClientToken" WHERE "digest" = $1`, [digest(3)]);
    expect(rows).toEqual([{ state: "retired" }]);
  });

  test("an unknown instance is null", async () => {
    expect(await readPolicy("x".repeat(20))).toBeNull();
  });

  test("a rule that is none is an error, not an open list", async () => {
    const id = randomUUID();
    await pool().query(`INSERT INTO "AddressRule" ("id", "accountId", "cidr") VALUES ($1, $2, 'x')`, [
      id,
      accountId,
    ]);
    await expect(readPolicy(instanceId)).rejects.toThrow(RangeError);
    await pool().query(`DELETE FROM "AddressRule" WHERE "id" = $1`, [id]);
  });
});
