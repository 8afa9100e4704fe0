import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { accountId, FakePolicies, policy } from "../../../test/support/policies";
import type { PolicyCache } from "./cache";

describe("policies read ahead of their requests", () => {
  let database: FakePolicies["database"];
  let fake: FakePolicies;
  let cache: PolicyCache;
  const ids = ["a", "b"];

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    fake = new FakePolicies();
    ({ database, cache } = fake);
    await cache.connected();
    for (const id of ids) fake.change(id, 1n);
  });

  afterEach(() => vi.useRealTimers());

  const warmUp = (asked: readonly string[] = ids) => cache.warmUp(database.readAhead(asked), 5000);

  /** Statements wait until the returned function is called. */
  function hold(): () => void {
    let open = () => {};
    database.gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  test("are served at once afterwards, and cost one statement for all", async () => {
    await warmUp();
    for (const id of ids) expect(cache.read(id)).toMatchObject({ instanceId: id, epoch: 1n });
    expect(database.asked).toEqual([ids]);
    expect(cache.counts).toMatchObject({ hits: 2, misses: 0 });
  });

  test("ask for no more than there is room for", async () => {
    cache = fake.newCache({ mostInstances: 7 });
    await cache.connected();
    const asked: number[] = [];
    await cache.warmUp(async (most) => {
      asked.push(most);
    }, 5000);
    expect(asked).toEqual([7]);
  });

  test("are thrown away when their account was announced to have changed meanwhile, and no others are", async () => {
    database.rows.set("other", policy("other", 1n, "other"));
    const open = hold();
    const warming = warmUp([...ids, "other"]);
    await vi.advanceTimersByTimeAsync(0);
    for (const id of ids) fake.change(id, 2n);
    cache.announced(accountId, 2n);
    open();
    await warming;
    expect(cache.read("other")).toMatchObject({ epoch: 1n });
    for (const id of ids) expect((await cache.read(id))?.epoch).toBe(2n);
  });

  test("are thrown away when an announcement may have been missed meanwhile", async () => {
    const open = hold();
    const warming = warmUp();
    await vi.advanceTimersByTimeAsync(0);
    cache.lost();
    for (const id of ids) fake.change(id, 2n);
    await cache.connected();
    open();
    await warming;
    expect(cache.size).toBe(0);
    for (const id of ids) expect((await cache.read(id))?.epoch).toBe(2n);
  });

  test("never replace what a request has read meanwhile", async () => {
    const open = hold();
    const warming = warmUp();
    await vi.advanceTimersByTimeAsync(0);
    database.gate = null;
    database.rows.set("a", { ...policy("a", 1n), paused: true });
    expect(await cache.read("a")).toMatchObject({ paused: true });
    open();
    await warming;
    expect(cache.read("a")).toMatchObject({ paused: true });
  });

  test("that do not exist, or cannot be used, are left to those who ask", async () => {
    await warmUp(["nowhere", "a"]);
    expect(cache.size).toBe(1);
    expect(cache.unknownSize).toBe(0);
    expect(await cache.read("nowhere")).toBeNull();
  });

  test("keep nobody waiting longer than allowed, whether the database is slow or gone", async () => {
    database.down = true;
    await warmUp();
    database.down = false;
    hold();
    let done = false;
    void warmUp().then(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(4999);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(true);
  });
});
