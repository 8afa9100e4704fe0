import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { accountId, FakePolicies, policy } from "../../../test/support/policies";
import type { PolicyCache } from "./cache";

describe("policies in memory", () => {
  let database: FakePolicies["database"];
  let changes: FakePolicies["changes"];
  let fake: FakePolicies;
  let cache: PolicyCache;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    fake = new FakePolicies();
    ({ database, changes, cache } = fake);
    await cache.connected();
  });

  afterEach(() => vi.useRealTimers());

  const change = (id: string, epoch: bigint) => fake.change(id, epoch);

  test("a policy is read once and then served at once", async () => {
    change("a", 1n);
    expect((await cache.read("a"))?.epoch).toBe(1n);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    expect(database.asked).toEqual([["a"]]);
    expect(cache.counts).toEqual({ hits: 1, misses: 1, unknown: 0, failures: 0 });
  });

  test("what a policy says never changes, whatever is read of its account later", async () => {
    change("a", 1n);
    change("b", 1n);
    const given = await cache.read("a");
    const said = { ...policy("a", 1n) };
    fake.pass(10_000);
    for (const id of ["a", "b"]) database.rows.set(id, { ...policy(id, 1n), enforcement: "off" });
    expect(await cache.read("b")).toMatchObject({ enforcement: "off" });
    expect(given).toMatchObject(said);
    change("b", 2n);
    cache.announced(accountId, 2n);
    await cache.read("b");
    expect(given).toMatchObject(said);
  });

  test("many look-ups of one instance are one reading", async () => {
    change("a", 1n);
    await Promise.all(Array.from({ length: 50 }, () => cache.read("a")));
    expect(database.asked).toEqual([["a"]]);
  });

  test("what is asked while statements are under way goes together with the next", async () => {
    for (let n = 0; n < 100; n++) change(`i${n}`, 1n);
    await Promise.all(Array.from({ length: 100 }, (_, n) => cache.read(`i${n}`)));
    expect(database.asked.length).toBeLessThanOrEqual(5);
  });

  test("an announcement outdates every policy of the account, and of no other", async () => {
    change("a", 1n);
    change("b", 1n);
    database.rows.set("c", policy("c", 1n, "other"));
    await Promise.all(["a", "b", "c"].map((id) => cache.read(id)));
    change("a", 2n);
    change("b", 2n);
    cache.announced(accountId, 2n);
    expect(cache.read("c")).toMatchObject({ epoch: 1n });
    for (const id of ["a", "b"]) expect(await cache.read(id)).toMatchObject({ epoch: 2n });
    expect(changes).toEqual([null, accountId]);
  });

  test("an announcement that is already known changes nothing", async () => {
    change("a", 5n);
    await cache.read("a");
    cache.announced(accountId, 4n);
    cache.announced(accountId, 5n);
    expect(cache.read("a")).toMatchObject({ epoch: 5n });
  });

  test("a reading older than an announcement is thrown away and repeated", async () => {
    change("a", 1n);
    let open = () => {};
    database.gate = new Promise((resolve) => {
      open = resolve;
    });
    const reading = cache.read("a");
    change("a", 2n);
    cache.announced(accountId, 2n);
    open();
    expect((await reading)?.epoch).toBe(2n);
    expect(database.asked).toHaveLength(2);
  });

  test("a database that stays behind what it announced is no answer", async () => {
    change("a", 1n);
    cache.announced(accountId, 2n);
    await expect(cache.read("a")).rejects.toThrow("");
    expect(cache.counts.failures).toBe(1);
  });

  test("an unknown instance is remembered, until anything is announced", async () => {
    expect(await cache.read("a")).toBeNull();
    expect(cache.read("a")).toBeNull();
    change("a", 1n);
    cache.announced(accountId, 1n);
    expect((await cache.read("a"))?.epoch).toBe(1n);
  });

  test("an answer of before an announcement does not make an instance unknown after it", async () => {
    let open = () => {};
    database.gate = new Promise((resolve) => {
      open = resolve;
    });
    const early = cache.read("a");
    change("a", 1n);
    cache.announced(accountId, 1n);
    const late = cache.read("a");
    open();
    expect(await early).toBeNull();
    expect((await late)?.epoch).toBe(1n);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
  });

  test("an instance that is gone is noticed by the next reading", async () => {
    change("a", 1n);
    await cache.read("a");
    database.rows.delete("a");
    cache.announced(accountId, 2n);
    expect(await cache.read("a")).toBeNull();
    expect(cache.size).toBe(0);
  });

  test("holds no more than its bound and keeps what is in use", async () => {
    cache = fake.newCache({ mostInstances: 10 });
    await cache.connected();
    for (let n = 0; n < 30; n++) {
      change(`i${n}`, 1n);
      await cache.read(`i${n}`);
      vi.advanceTimersByTime(3000);
      cache.alive();
      await cache.read("i0");
    }
    expect(cache.size).toBe(10);
    const asked = database.asked.length;
    expect(cache.read("i0")).toMatchObject({ instanceId: "i0" });
    await cache.read("i5");
    expect(database.asked.length).toBe(asked + 1);
  });
});
