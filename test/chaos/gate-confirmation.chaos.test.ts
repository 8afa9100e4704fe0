import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readGateReports } from "@/lib/db/gate-confirmations";
import { pool } from "@/lib/db/pool";
import { confirmationBounds, confirmationOf } from "@/lib/domain/confirmation";
import { waitUntil } from "../../server/processes";
import { type GateWorld, openGateWorld } from "../support/gate-world";
import { killLaunched } from "../support/launched";

describe("confirmations of gates", () => {
  let world: GateWorld;
  let accountId = "";

  beforeAll(async () => {
    world = await openGateWorld();
    const [, , instanceId] = world.target.split("/");
    const { rows } = await pool().query(`SELECT "accountId" FROM "Instance" WHERE "id" = $1`, [instanceId]);
    accountId = rows[0]?.accountId ?? "";
  });

  // Gates that an earlier test has killed would stay on the list for as long as their memory counts.
  beforeEach(() => pool().query(`DELETE FROM "GateNode"`));

  afterEach(() => killLaunched());

  afterAll(async () => {
    await world.close();
    await pool().end();
  });

  /** What the page says, as if it were so many milliseconds later. */
  async function confirmation(laterMs = 0) {
    const reports = await readGateReports(accountId);
    if (!reports) throw new Error("no change is on record");
    return confirmationOf({ ...reports, now: new Date(reports.now.getTime() + laterMs) });
  }

  const state = async () => {
    const { gates, confirmed } = await confirmation();
    return `${confirmed} of ${gates}`;
  };
  const patience = { timeout: 15_000 };

  test("name the gate that stands still, and lose one that stops, dies or says goodbye", async () => {
    await world.pause(false);
    const [one, two] = [await world.startGate(), await world.startGate()];
    await expect.poll(state, patience).toBe("2 of 2");

    await world.pause(true);
    await expect.poll(state, patience).toBe("2 of 2");
    expect((await confirmation()).tookMs).toBeGreaterThanOrEqual(0);

    two.child.kill("SIGSTOP");
    await world.pause(false);
    await expect.poll(state, patience).toBe("1 of 2");
    const { waiting } = await confirmation();
    expect(waiting).toMatchObject([{ pid: two.child.pid, silentSince: null }]);
    const { silentMs, graceMs } = confirmationBounds;
    expect((await confirmation(silentMs)).waiting[0]?.silentSince).not.toBeNull();
    two.child.kill("SIGCONT");
    await expect.poll(state, patience).toBe("2 of 2");

    two.child.kill("SIGTERM");
    await expect.poll(state, patience).toBe("1 of 1");
    expect(await two.ends()).toBe(0);

    one.child.kill("SIGKILL");
    await one.ends();
    await world.pause(true);
    const memoryMs = 60_000;
    expect(await confirmation()).toMatchObject({ gates: 1, confirmed: 0 });
    expect(await confirmation(memoryMs + graceMs)).toMatchObject({ gates: 0, waiting: [] });
  });

  test("are not needed by a gate that was down during a change: it decides by it from its first request", async () => {
    await world.pause(true);
    const [first, ...others] = await Promise.all([world.startGate(), world.startGate()]);
    expect(await world.statusOf(first)).toBe(403);
    // One that starts while changes go on is never behind what it confirms.
    let paused = true;
    const third = world.startGate();
    for (let change = 0; change < 20; change++) {
      paused = !paused;
      await world.pause(paused);
    }
    const gates = [first, ...others, await third];
    await expect.poll(async () => (await confirmation()).waiting, patience).toEqual([]);
    for (const gate of gates) expect(await world.statusOf(gate)).toBe(403);
  });

  test("count several processes as one gate, also after one of them died; a gate that begins later knows all", async () => {
    const gate = await world.startGate({ GATE_WORKERS: "2" });
    const pids = async () => {
      const { rows } = await pool().query<{ pid: number }>(
        `SELECT "pid" FROM "GateNode" WHERE "leadPid" = $1`,
        [gate.child.pid],
      );
      return rows.map(({ pid }) => pid).sort();
    };
    await expect.poll(async () => (await pids()).length, patience).toBe(2);
    await expect.poll(async () => (await confirmation()).waiting, patience).toEqual([]);
    await world.pause(false);
    await expect.poll(async () => (await confirmation()).waiting, patience).toEqual([]);
    expect((await confirmation()).gates).toBeGreaterThan(0);
    const [first = 0] = await pids();
    process.kill(first, "SIGKILL");
    await expect.poll(async () => (await pids()).includes(first), patience).toBe(false);
    await expect.poll(async () => (await pids()).length, patience).toBe(2);
    await world.pause(true);
    await expect.poll(async () => (await confirmation()).waiting, patience).toEqual([]);
  });

  test("mean that a token replaced at once is accepted nowhere any more, while callers go on sending it", async () => {
    await world.pause(false);
    const gates = [await world.startGate(), await world.startGate()];
    for (const gate of gates) expect(await world.statusOf(gate)).toBe(200);
    const begun: { at: number; status: number }[] = [];
    let running = true;
    const callers = [...gates, ...gates].map(async (gate) => {
      while (running) {
        const at = performance.now();
        begun.push({ at, status: await world.statusOf(gate) });
      }
    });
    const next = await world.replaceToken();
    await expect.poll(async () => (await confirmation()).waiting, patience).toEqual([]);
    const confirmedAt = performance.now();
    const since = () => begun.filter(({ at }) => at > confirmedAt);
    expect(await waitUntil(() => since().length >= 100, { withinMs: 30_000 })).toBe(true);
    running = false;
    await Promise.all(callers);
    expect(new Set(since().map(({ status }) => status))).toEqual(new Set([403]));
    expect(new Set(begun.map(({ status }) => status))).toEqual(new Set([200, 403]));
    for (const gate of gates) expect(await world.statusOf(gate, next)).toBe(200);
  });
});
