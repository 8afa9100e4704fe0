import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { accountId, FakePolicies, policy } from "../../../test/support/policies";
import type { PolicyCache } from "./cache";

describe("policies in use", () => {
  let database: FakePolicies["database"];
  let fake: FakePolicies;
  let cache: PolicyCache;
  const ids = Array.from({ length: 50 }, (_, n) => `i${n}`);

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    fake = new FakePolicies();
    ({ database, cache } = fake);
    await cache.connected();
    for (const id of ids) fake.change(id, 1n);
    database.rows.set("other", policy("other", 1n, "other"));
    for (const id of [...ids, "other"]) await cache.read(id);
    database.asked.length = 0;
    database.epochsAsked.length = 0;
  });

  afterEach(() => vi.useRealTimers());

  async function callAll(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 5000) {
      fake.pass(5000);
      for (const id of [...ids, "other"]) void Promise.resolve(cache.read(id)).catch(() => {});
      await vi.advanceTimersByTimeAsync(0);
    }
  }

  test("are confirmed by their account's epoch, one row for all of its instances, and not read again", async () => {
    await callAll(100_000);
    expect(database.asked).toEqual([]);
    expect(database.epochsAsked.length).toBeGreaterThanOrEqual(3);
    expect(database.epochsAsked.length).toBeLessThanOrEqual(5);
    expect(database.epochsAsked[0]).toEqual([accountId, "other"]);
  });

  test("are read again when the epoch was raised without an announcement, and only those", async () => {
    await callAll(15_000);
    for (const id of ids) fake.change(id, 2n);
    await callAll(15_000);
    for (const id of ids) expect(await cache.read(id)).toMatchObject({ epoch: 2n });
    expect(database.asked.flat().sort()).toEqual([...ids].sort());
  });

  test("of an account that was deleted without an announcement are forgotten", async () => {
    database.rows.delete("other");
    await callAll(30_000);
    expect(await cache.read("other")).toBeNull();
  });

  test("are read again beside their requests after five minutes, for what raised no epoch", async () => {
    database.rows.set("other", { ...policy("other", 1n, "other"), paused: true });
    await callAll(290_000);
    expect(database.asked).toEqual([]);
    await callAll(20_000);
    expect(cache.read("other")).toMatchObject({ paused: true });
  });

  test("are not confirmed by an epoch that is older than one announced", async () => {
    cache.announced(accountId, 2n);
    await callAll(25_000);
    database.down = true;
    await expect(cache.read("i0")).rejects.toThrow();
  });

  test("are read before they are served when no check succeeded for half a minute", async () => {
    database.down = true;
    fake.pass(25_000);
    expect(cache.read("i0")).toMatchObject({ epoch: 1n });
    await vi.advanceTimersByTimeAsync(0);
    database.down = false;
    fake.pass(6_000);
    database.epochsAsked.length = 0;
    expect(cache.read("i0")).toBeInstanceOf(Promise);
    expect(database.asked.at(-1)).toEqual(["i0"]);
  });
});
