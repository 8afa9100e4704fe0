import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readEpochs } from "@/lib/db/epoch";
import { type EpochListener, listenForEpochs } from "@/lib/db/listener";
import { readPolicies } from "@/lib/db/policy";
import { raiseEpochOf, seedWorld } from "@/test/conformance/seed";
import { makeWorld } from "@/test/conformance/world";
import { PolicyCache } from "./cache";

describe("policies in memory, kept in step with PostgreSQL", () => {
  const world = makeWorld(randomUUID());
  const id = world.idOf("closed");
  let remove: () => Promise<void>;
  let admin: pg.Client;
  let listener: EpochListener;
  const cache = new PolicyCache({
    readMany: readPolicies,
    readEpochs,
    now: () => performance.now(),
    maxStalenessMs: 60_000,
    mostInstances: 100,
  });

  beforeAll(async () => {
    const url = process.env.DATABASE_URL ?? "";
    remove = await seedWorld(url, world, "http://127.0.0.1:1");
    admin = new pg.Client({ connectionString: url });
    await admin.connect();
    listener = listenForEpochs(
      {
        announced: (accountId, epoch) => cache.announced(accountId, epoch),
        connected: () => void cache.connected(),
        alive: () => cache.alive(),
        lost: () => cache.lost(),
      },
      1000,
    );
    await vi.waitFor(() => expect(cache.ready).toBe(true));
  });

  afterAll(async () => {
    await listener.close();
    await remove();
    await admin.end();
  });

  const change = (paused: boolean) =>
    raiseEpochOf(admin, id, async () => {
      await admin.query(`UPDATE "Instance" SET "pausedAt" = $2 WHERE "id" = $1`, [
        id,
        paused ? new Date() : null,
      ]);
    });
  const isPaused = async () => (await cache.read(id))?.paused;

  test("a change counts from its commit on", async () => {
    for (const paused of [true, false, true, false]) {
      await change(paused);
      await expect.poll(isPaused, { interval: 1, timeout: 1000 }).toBe(paused);
    }
  });

  test("two hundred changes with look-ups in between end with the last", async () => {
    let looking = true;
    const looks = (async () => {
      while (looking) {
        await cache.read(id);
        await new Promise(setImmediate);
      }
    })();
    for (let n = 0; n < 200; n++) await change(n % 2 === 0);
    await expect.poll(isPaused).toBe(false);
    looking = false;
    await looks;
  });

  test("a change during a lost connection is found when it is back", async () => {
    await isPaused();
    await admin.query("BEGIN");
    await admin.query(`UPDATE "Instance" SET "pausedAt" = now() WHERE "id" = $1`, [id]);
    await admin.query(`UPDATE "Account" SET "epoch" = "epoch" + 1 WHERE "id" = $1`, [
      (await cache.read(id))?.accountId,
    ]);
    // Committed without an announcement: as if the connection had been gone at that moment.
    await admin.query("COMMIT");
    expect(await isPaused()).toBe(false);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'latchkey-listener' AND datname = current_database()`,
    );
    await expect.poll(isPaused).toBe(true);
  });

  test("a new instance is known although it was unknown a moment ago", async () => {
    const own = makeWorld(randomUUID());
    expect(await cache.read(own.idOf("open"))).toBeNull();
    expect(cache.read(own.idOf("open"))).toBeNull();
    const takeOut = await seedWorld(process.env.DATABASE_URL ?? "", own, "http://127.0.0.1:1");
    await raiseEpochOf(admin, own.idOf("open"), async () => {});
    await expect.poll(async () => (await cache.read(own.idOf("open")))?.instanceId).toBe(own.idOf("open"));
    await takeOut();
  });

  test("one instance that cannot be read harms no other of the same statement", async () => {
    const results = await Promise.allSettled([
      cache.read(world.idOf("broken")),
      cache.read(world.idOf("open")),
      cache.read(world.idOf("listed")),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  });
});
