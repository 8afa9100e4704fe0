import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PolicyReading } from "@/lib/db/policy";
import { compileAddressList } from "@/lib/domain/address-list";
import type { InstancePolicy } from "@/lib/domain/gate";
import { PolicyCache } from "./policy-cache";
import type { PolicyCacheParts } from "./policy-cache-parts";

const accountId = "account";
const policy = (instanceId: string, epoch: bigint, account = accountId): InstancePolicy => ({
  instanceId,
  accountId: account,
  tokenDigest: new Uint8Array(32),
  paused: false,
  enforcement: "on",
  enforced: false,
  addressMode: "off",
  addresses: compileAddressList([]),
  tokens: [],
  upstreamUrl: null,
  headersSealed: null,
  epoch,
});

/** A database in memory that can be slow, or gone. */
class FakeDatabase {
  readonly rows = new Map<string, InstancePolicy>();
  readonly asked: string[][] = [];
  down = false;
  /** Answers wait for this. */
  gate: Promise<void> | null = null;

  readonly readMany: PolicyCacheParts["readMany"] = async (ids) => {
    this.asked.push([...ids]);
    if (this.down) throw new Error("the database is gone");
    const found = new Map<string, PolicyReading>();
    for (const id of ids) {
      const row = this.rows.get(id);
      if (row) found.set(id, () => row);
    }
    await this.gate;
    return found;
  };

  readonly readEpochs: PolicyCacheParts["readEpochs"] = async (ids) => {
    if (this.down) throw new Error("the database is gone");
    const epochs = new Map<string, bigint>();
    for (const row of this.rows.values())
      if (ids.includes(row.accountId)) epochs.set(row.accountId, row.epoch);
    return epochs;
  };
}

describe("policies in memory", () => {
  let database: FakeDatabase;
  let changes: (string | null)[];
  let cache: PolicyCache;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
    database = new FakeDatabase();
    changes = [];
    cache = newCache();
    await cache.connected();
  });

  afterEach(() => vi.useRealTimers());

  const newCache = (more: Partial<PolicyCacheParts> = {}) =>
    new PolicyCache({
      readMany: database.readMany,
      readEpochs: database.readEpochs,
      now: () => performance.now(),
      maxStalenessMs: 60_000,
      mostInstances: 100,
      onChange: (account) => changes.push(account),
      ...more,
    });

  /** Time passes while the listener's connection stays alive. */
  function pass(ms: number): void {
    for (let left = ms; left > 0; left -= 5000) {
      vi.advanceTimersByTime(Math.min(left, 5000));
      cache.alive();
    }
  }

  const change = (id: string, epoch: bigint) => database.rows.set(id, policy(id, epoch));

  test("a policy is read once and then served at once", async () => {
    change("a", 1n);
    expect((await cache.read("a"))?.epoch).toBe(1n);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    expect(database.asked).toEqual([["a"]]);
    expect(cache.counts).toEqual({ hits: 1, misses: 1, unknown: 0, failures: 0 });
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

  test("an entry in use is read again beside its requests, and after 30 s before the next", async () => {
    change("a", 1n);
    await cache.read("a");
    // Somebody changed it by hand, without an announcement.
    change("a", 2n);
    pass(19_000);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    expect(database.asked).toHaveLength(1);
    pass(2_000);
    expect(cache.read("a")).toMatchObject({ epoch: 1n });
    await vi.waitFor(() => expect(cache.read("a")).toMatchObject({ epoch: 2n }));
    change("a", 3n);
    pass(31_000);
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
    pass(31_000);
    for (const id of ["a", "b"]) expect(await cache.read(id)).toMatchObject({ enforcement: "off" });
  });

  test("an instance that is gone is noticed by the next reading", async () => {
    change("a", 1n);
    await cache.read("a");
    database.rows.delete("a");
    cache.announced(accountId, 2n);
    expect(await cache.read("a")).toBeNull();
    expect(cache.size).toBe(0);
  });

  test("without the database, held policies serve for a minute and then nothing does", async () => {
    change("a", 1n);
    await cache.read("a");
    pass(10_000);
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

  test("holds no more than its bound and keeps what is in use", async () => {
    cache = newCache({ mostInstances: 10 });
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
