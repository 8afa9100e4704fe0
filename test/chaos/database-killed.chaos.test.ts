import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/server/embedded-postgres/embedded-postgres";
import { applyMigrations } from "@/server/migrations/apply";
import { waitUntil } from "@/server/processes";
import { query } from "../support/database";
import { type GateWorld, openGateWorld, startCallers } from "../support/gate-world";
import { killLaunched, newDataDirectory, serverProcesses } from "../support/launched";

const folder = newDataDirectory();
let server: EmbeddedPostgres;
let url: string;
let world: GateWorld;

beforeAll(async () => {
  server = await startEmbeddedPostgres(folder.path);
  url = server.urlOf("chaos");
  await applyMigrations(url);
  world = await openGateWorld(url);
});

afterEach(killLaunched);

afterAll(async () => {
  await world.close();
  await server.stop("at once");
  folder.remove();
});

function killServer(): void {
  for (const pid of serverProcesses(folder.path)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Already gone with the first.
    }
  }
}

async function counted(): Promise<number> {
  const [row] = await query<{ sum: string | null }>(url, `SELECT sum("requests") FROM "TrafficHour"`);
  return Number(row?.sum ?? 0);
}

test.runIf(process.platform === "linux")(
  "a database killed and started again three times under load costs no answer, no decision and no count",
  async () => {
    const gates = await Promise.all([world.startGate(), world.startGate()]);
    const ready = gates.map(({ url: gateUrl }) =>
      startCallers(gateUrl, world.target, { token: world.token, count: 8, pauseMs: 5 }),
    );
    const unready = gates.map(({ url: gateUrl }) =>
      startCallers(gateUrl, world.target, { token: "lkc_x", count: 4, pauseMs: 5 }),
    );
    await delay(1500);
    for (let kill = 0; kill < 3; kill++) {
      killServer();
      await delay(3000);
      const back = async () => (await world.pause(false).catch(() => false)) !== false;
      expect(await waitUntil(back, { withinMs: 30_000, everyMs: 200 })).toBe(true);
      await delay(500);
    }
    for (const callers of ready) expect([...callers.answers.keys()]).toEqual([200]);
    for (const callers of unready) expect([...callers.answers.keys()]).toEqual([403]);

    // What changes now counts again at once, on both, without anybody's help.
    await world.pause(true);
    const paused = async () =>
      (await Promise.all(gates.map((gate) => world.statusOf(gate)))).every((status) => status === 403);
    expect(await waitUntil(paused, { withinMs: 10_000, everyMs: 20 })).toBe(true);
    await delay(200);
    for (const callers of ready) callers.reset();
    await delay(500);
    for (const callers of ready) expect([...callers.answers.keys()]).toEqual([403]);
    await world.pause(false);

    await Promise.all([...ready, ...unready].map((callers) => callers.stop()));
    await Promise.all(
      gates.map(async (gate) => {
        gate.child.kill("SIGTERM");
        await gate.ends();
      }),
    );
    // A write whose answer was lost may be counted twice; none is lost.
    const answered = [...ready, ...unready].reduce((sum, callers) => sum + callers.answered(), 0);
    expect(await counted()).toBeGreaterThanOrEqual(answered);
  },
);
