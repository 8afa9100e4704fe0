import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { knownCallerKey, packDigest } from "@/lib/domain/gate";
import { openConfirmationStore } from "./gate-confirmations";
import { readLatelyCalled, readPolicies, readPolicy, wereCalled } from "./policy";
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

  test("known callers are read while their time lasts by the database's clock, those of the instance that still get in", async () => {
    const insert = (byte: number, agent: string, ended: string) =>
      pool().query(
        `INSERT INTO "KnownCaller" ("id", "accountId", "instanceId", "address", "agent", "endedAt")
         VALUES ($1, $2, $3, $4, $5, ${ended})`,
        [randomUUID(), accountId, instanceId, `203.0.113.${byte}`, agent],
      );
    await insert(1, "n8n", "NULL");
    await insert(2, "", "NULL");
    await insert(3, "curl", "now()");
    const set = (enforcement: string, until: string, enforced = false) =>
      pool().query(
        `WITH a AS (UPDATE "Account" SET "enforcement" = '${enforcement}', "graceUntil" = ${until} WHERE "id" = $1)
         UPDATE "Instance" SET "enforced" = $2 WHERE "accountId" = $1`,
        [accountId, enforced],
      );
    const read = async () => {
      const { enforcement, graceUntil, known } = (await readPolicy(instanceId)) ?? {};
      return [enforcement, graceUntil !== null, known && [...known].sort()];
    };
    await set("grace", "now() + interval '1 minute'");
    const keys = [knownCallerKey("203.0.113.1", "n8n"), knownCallerKey("203.0.113.2", "")];
    expect(await read()).toEqual(["grace", true, keys]);
    await set("grace", "now() + interval '1 minute'", true);
    expect(await read()).toEqual(["grace", true, null]);
    await set("grace", "date_trunc('milliseconds', now())");
    expect(await read()).toEqual(["on", true, null]);
    await set("grace", "NULL");
    expect(await read()).toEqual(["on", false, null]);
    await set("staged", "NULL", true);
    expect(await read()).toEqual(["staged", false, null]);
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

  test("one account that cannot be used harms no other of the same statement", async () => {
    const other = randomUUID();
    const otherInstance = await seedCalled(other, "10.0.0.0/8", new Date(0));
    const broken = randomUUID();
    const brokenInstance = await seedCalled(broken, "x", new Date(0));
    const { policies, unusable } = await readPolicies([otherInstance, brokenInstance, "x".repeat(20)]);
    expect([...policies.keys()]).toEqual([otherInstance]);
    expect([...unusable.keys()]).toEqual([brokenInstance]);
    await remove([other, broken]);
  });
});

/** An account with one address rule and one instance, that was called in an hour. */
async function seedCalled(account: string, cidr: string, hour: Date): Promise<string> {
  const id = randomUUID().replaceAll("-", "").slice(0, 20);
  await pool().query(`INSERT INTO "Account" ("id", "name") VALUES ($1, 'policy test')`, [account]);
  await pool().query(`INSERT INTO "AddressRule" ("id", "accountId", "cidr") VALUES ($1, $2, $3)`, [
    randomUUID(),
    account,
    cidr,
  ]);
  await pool().query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     VALUES ($1, $2, 'x', $3, '', now())`,
    [id, account, digest(1)],
  );
  await pool().query(
    `INSERT INTO "TrafficHour" ("instanceId", "hour", "outcome", "token", "requests")
     VALUES ($1, $2, 'accepted', 'current', 1), ($1, $2, 'unknown', 'unknown', 1)`,
    [id, hour],
  );
  return id;
}

const remove = (accounts: readonly string[]) =>
  pool().query(`DELETE FROM "Account" WHERE "id" = ANY($1::uuid[])`, [accounts]);

describe("reading what was called last", () => {
  const accounts = Array.from({ length: 4 }, () => randomUUID());
  let ids: string[];

  beforeAll(async () => {
    // Newer than anything else in the database.
    const hour = (back: number) => new Date(Date.UTC(2100, 0, 1, 12 - back));
    ids = await Promise.all(
      accounts.map((account, at) => seedCalled(account, at === 1 ? "x" : "10.0.0.0/8", hour(at))),
    );
  });

  afterAll(() => remove(accounts));

  async function called(most: number, signal = new AbortController().signal): Promise<string[]> {
    const found: string[] = [];
    await readLatelyCalled(
      most,
      (policies) => found.push(...policies.map(({ instanceId }) => instanceId)),
      signal,
    );
    return found;
  }

  test("the newest hours count, each instance comes once, and what cannot be used is left out", async () => {
    const [newest, , third] = ids;
    expect(await called(2)).toEqual([newest]);
    expect((await called(6)).sort()).toEqual([newest, third].sort());
    expect(await wereCalled()).toBe(true);
  });

  test("a policy is the same as when it is asked for", async () => {
    const [newest = ""] = ids;
    const found: unknown[] = [];
    await readLatelyCalled(2, (policies) => found.push(...policies), new AbortController().signal);
    expect(JSON.stringify(found, plain)).toBe(JSON.stringify([await readPolicy(newest)], plain));
  });

  test("it can be ended early, and no connection stays behind", async () => {
    const over = new AbortController();
    const reading = called(1000, over.signal);
    over.abort();
    await expect(reading).rejects.toThrow();
    expect(await called(2)).toEqual([ids[0]]);
    await expect.poll(() => pool().totalCount - pool().idleCount).toBe(0);
  });
});

const plain = (_key: string, value: unknown) => (typeof value === "bigint" ? `${value}n` : value);
