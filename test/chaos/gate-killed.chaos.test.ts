import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type GateWorld, openGateWorld, startCallers } from "../support/gate-world";
import { killLaunched } from "../support/launched";

let world: GateWorld;

beforeAll(async () => {
  world = await openGateWorld();
});

afterEach(killLaunched);
afterAll(() => world.close());

async function counted(outcome: string): Promise<number> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query<{ sum: string | null }>(
    `SELECT sum("requests") FROM "TrafficHour" WHERE "outcome" = $1 AND "instanceId" = $2`,
    [outcome, world.world.idOf("closed")],
  );
  await client.end();
  return Number(rows[0]?.sum ?? 0);
}

test("a gate killed with -9 under load loses the statistics of its last moments, and never a decision", async () => {
  let certain = 0;
  let answered = 0;
  for (let life = 0; life < 3; life++) {
    const gate = await world.startGate();
    const ready = startCallers(gate.url, world.target, { token: world.token, count: 8, pauseMs: 2 });
    const unready = startCallers(gate.url, world.target, { token: "lkc_x", count: 4, pauseMs: 2 });
    await delay(1500);
    certain += ready.answers.get(200) ?? 0;
    // Written within a second; the writing itself may take a while on a busy machine.
    await delay(2500);
    gate.child.kill("SIGKILL");
    await gate.ends();
    await delay(100);
    await Promise.all([ready.stop(), unready.stop()]);
    expect([...ready.answers.keys()].filter((status) => status !== 0)).toEqual([200]);
    expect([...unready.answers.keys()].filter((status) => status !== 0)).toEqual([403]);
    answered += ready.answers.get(200) ?? 0;
  }
  const written = await counted("accepted");
  expect(certain).toBeGreaterThan(0);
  expect(written).toBeGreaterThanOrEqual(certain);
  // A request may be counted and its answer cut off: one for each caller and life.
  expect(written).toBeLessThanOrEqual(answered + 3 * 8);
});
