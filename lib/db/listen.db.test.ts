import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ClockReading, clockSkew } from "@/lib/domain/confirmation";
import { epochChannel } from "./epoch";
import { type EpochListener, listenForEpochs, parseAnnouncement } from "./listener";

describe("listening for changed decisions", () => {
  const heard: string[] = [];
  let listener: EpochListener;
  let admin: pg.Client;
  let beats = 0;
  const clocks: ClockReading[] = [];

  beforeAll(async () => {
    admin = new pg.Client({ connectionString: process.env.DATABASE_URL ?? "" });
    await admin.connect();
  });

  afterAll(() => admin.end());

  beforeEach(() => {
    heard.length = 0;
    clocks.length = 0;
    beats = 0;
    listener = listenForEpochs(
      {
        announced: (accountId, epoch) => heard.push(`${accountId}:${epoch}`),
        connected: () => heard.push("connected"),
        alive: () => {
          beats++;
        },
        clock: (reading) => clocks.push(reading),
        lost: () => heard.push("lost"),
      },
      200,
    );
  });

  afterEach(() => listener.close());

  const announce = (payload: string) => admin.query("SELECT pg_notify($1, $2)", [epochChannel, payload]);
  const kill = () =>
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'latchkey-listener' AND datname = current_database()`,
    );

  test("an announcement arrives when its transaction commits, and not at all when it rolls back", async () => {
    const [kept, dropped] = [randomUUID(), randomUUID()];
    await expect.poll(() => heard).toEqual(["connected"]);
    await admin.query("BEGIN");
    await announce(`${dropped}:1`);
    await admin.query("ROLLBACK");
    await admin.query("BEGIN");
    await announce(`${kept}:9007199254740993`);
    expect(heard).toEqual(["connected"]);
    await admin.query("COMMIT");
    await expect.poll(() => heard).toEqual(["connected", `${kept}:9007199254740993`]);
  });

  test("a killed connection is noticed at once and replaced", async () => {
    await expect.poll(() => heard).toEqual(["connected"]);
    await kill();
    await expect.poll(() => heard).toEqual(["connected", "lost", "connected"]);
    const id = randomUUID();
    await announce(`${id}:2`);
    await expect.poll(() => heard.at(-1)).toBe(`${id}:2`);
  });

  test("says regularly that it is there", async () => {
    await expect.poll(() => beats, { timeout: 3000 }).toBeGreaterThan(2);
  });

  test("reads the database's clock when it begins and with each beat", async () => {
    await expect.poll(() => clocks.length, { timeout: 3000 }).toBeGreaterThan(2);
    expect(clocks.length - beats).toBeLessThanOrEqual(1);
    // One machine has one clock; the database's has microseconds.
    for (const reading of clocks) {
      const { aheadMs, uncertainMs } = clockSkew(reading);
      expect(Math.abs(aheadMs)).toBeLessThanOrEqual(uncertainMs + 1);
    }
  });

  test("does not come back after it was closed", async () => {
    await expect.poll(() => heard).toEqual(["connected"]);
    await listener.close();
    expect(heard).toEqual(["connected", "lost"]);
    const { rows } = await admin.query(
      `SELECT 1 FROM pg_stat_activity
        WHERE application_name = 'latchkey-listener' AND datname = current_database() AND state = 'active'`,
    );
    expect(rows).toEqual([]);
  });

  test("nonsense on the channel is ignored", async () => {
    await expect.poll(() => heard).toEqual(["connected"]);
    const id = randomUUID();
    for (const payload of ["", "x", ":", `${id}:`, `${id}:-1`, `${id}:1x`, `x:1`]) await announce(payload);
    await announce(`${id}:3`);
    await expect.poll(() => heard).toEqual(["connected", `${id}:3`]);
  });

  test.each([undefined, "", "nonsense", "1:1"])("%j is no announcement", (payload) => {
    expect(parseAnnouncement(payload)).toBeNull();
  });
});
