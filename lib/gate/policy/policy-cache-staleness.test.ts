import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  decide,
  type InstancePolicy,
  knownCallerKey,
  packDigest,
  type RequestFacts,
} from "@/lib/domain/gate";
import { accountId, FakePolicies, policy } from "../../../test/support/policies";
import type { PolicyCache } from "./cache";

describe("policies in memory while changes are not heard", () => {
  let database: FakePolicies["database"];
  let changes: FakePolicies["changes"];
  let fake: FakePolicies;
  let cache: PolicyCache;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout", "Date"] });
    fake = new FakePolicies();
    ({ database, changes, cache } = fake);
    await cache.connected();
  });

  afterEach(() => vi.useRealTimers());

  const change = (id: string, epoch: bigint) => fake.change(id, epoch);

  test("an entry in use is read again beside its requests, and after 30 s before the next", async () => {
    change("a", 1n);
    await cache.read("a");
    // Somebody changed it by hand, without an announcement.
    change("a", 2n);
    fake.pass(19_000);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    expect(database.asked).toHaveLength(1);
    fake.pass(2_000);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    await vi.waitFor(() => expect(cache.read("a")).toMatchObject({ epoch: 2n }));
    change("a", 3n);
    fake.pass(31_000);
    expect((await cache.read("a"))?.epoch).toBe(3n);
  });

  test("what instances share is read again with them, though nothing was announced", async () => {
    const { enforcement } = policy("a", 1n);
    expect(enforcement).toBe("on");
    for (const id of ["a", "b"]) {
      change(id, 1n);
      await cache.read(id);
    }
    for (const id of ["a", "b"]) database.rows.set(id, { ...policy(id, 1n), enforcement: "off" });
    fake.pass(31_000);
    for (const id of ["a", "b"]) expect(await cache.read(id)).toMatchObject({ enforcement: "off" });
  });

  test("without the database, held policies serve for a minute and then nothing does", async () => {
    change("a", 1n);
    await cache.read("a");
    fake.pass(10_000);
    cache.lost();
    database.down = true;
    vi.advanceTimersByTime(59_000);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    expect(cache.ready).toBe(true);
    vi.advanceTimersByTime(1_001);
    await expect(cache.read("a")).rejects.toThrow();
    expect(cache.ready).toBe(false);
    await expect(cache.read("b")).rejects.toThrow();
  });

  test("without the database, known callers get in without the token until their time is over, and nobody else does", async () => {
    vi.setSystemTime(Date.UTC(2026, 10, 24, 12));
    const instanceToken = new Uint8Array(32).fill(1);
    database.rows.set("a", {
      ...policy("a", 1n),
      tokenDigest: packDigest(instanceToken),
      enforcement: "grace",
      graceUntil: new Date(Date.now() + 30_000),
      known: new Set([knownCallerKey("203.0.113.9", "n8n")]),
    });
    await cache.read("a");
    cache.lost();
    database.down = true;
    const call = (userAgent: string) => {
      const found = cache.read("a") as InstancePolicy;
      const facts: RequestFacts = {
        instanceTokenDigest: instanceToken,
        presented: { kind: "absent" },
        presentedDigest: null,
        clientAddress: "203.0.113.9",
        userAgent,
        method: "POST",
        path: "/send-text",
        query: "",
        headers: [],
      };
      return decide(facts, { kind: "found", policy: found }, new Date()).kind;
    };
    expect([call("n8n/1.0"), call("curl/8.5.0")]).toEqual(["allow", "deny"]);
    vi.advanceTimersByTime(29_999);
    expect(call("n8n/1.0")).toBe("allow");
    vi.advanceTimersByTime(1);
    expect(call("n8n/1.0")).toBe("deny");
  });

  test("a listener that falls silent counts as lost", async () => {
    change("a", 1n);
    await cache.read("a");
    database.down = true;
    vi.advanceTimersByTime(59_000);
    expect(await cache.read("a")).toMatchObject({ epoch: 1n });
    vi.advanceTimersByTime(2_000);
    await expect(cache.read("a")).rejects.toThrow();
  });

  test("what is known to be outdated is never served, database or not", async () => {
    change("a", 1n);
    await cache.read("a");
    cache.announced(accountId, 2n);
    database.down = true;
    await expect(cache.read("a")).rejects.toThrow();
  });

  test("a change missed while nobody listened is found when somebody does again", async () => {
    change("a", 1n);
    database.rows.set("b", policy("b", 1n, "other"));
    await cache.read("a");
    await cache.read("b");
    cache.lost();
    change("a", 2n);
    database.rows.delete("b");
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    await cache.connected();
    expect((await cache.read("a"))?.epoch).toBe(2n);
    expect(await cache.read("b")).toBeNull();
    expect(changes.at(-1)).toBeNull();
  });

  test("a reading begun while nobody listened does not count as heard", async () => {
    change("a", 1n);
    cache.lost();
    let open = () => {};
    database.gate = new Promise((resolve) => {
      open = resolve;
    });
    const reading = cache.read("a");
    change("a", 2n);
    await cache.connected();
    open();
    expect((await reading)?.epoch).toBe(2n);
  });

  test("recovers without help after the database comes back", async () => {
    change("a", 1n);
    await cache.read("a");
    cache.lost();
    database.down = true;
    vi.advanceTimersByTime(70_000);
    await expect(cache.read("a")).rejects.toThrow();
    const connecting = cache.connected();
    database.down = false;
    await vi.advanceTimersByTimeAsync(600);
    await connecting;
    expect((await cache.read("a"))?.epoch).toBe(1n);
    expect(cache.ready).toBe(true);
  });
});
