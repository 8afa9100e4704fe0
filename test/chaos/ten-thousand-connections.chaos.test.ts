import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type GateWorld, openGateWorld } from "../support/gate-world";
import { killLaunched } from "../support/launched";

const many = 10_000;
const spare = 1000;
let world: GateWorld;

beforeAll(async () => {
  world = await openGateWorld();
});

afterEach(killLaunched);
afterAll(() => world.close());

function openFilesAllowed(): number {
  try {
    const limit = execFileSync("sh", ["-c", "ulimit -n"], { encoding: "utf8" }).trim();
    return limit === "unlimited" ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return 0;
  }
}

test.runIf(process.platform === "linux" && openFilesAllowed() >= many + spare)(
  "ten thousand connections that say nothing, or only half a head, leave a gate at everybody's service",
  async () => {
    const gate = await world.startGate({
      GATE_MAX_CONNECTIONS: String(many + spare),
      GATE_HEADERS_TIMEOUT_SECONDS: "120",
    });
    const { hostname, port } = new URL(gate.url);
    await world.statusOf(gate);
    const residentMiB = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gate.child.pid}/status`, "utf8"))?.[1]) / 1024;
    const before = residentMiB();
    const sockets: Socket[] = [];
    for (let opened = 0; opened < many; opened += 250) {
      const batch = Array.from({ length: 250 }, () => connect(Number(port), hostname));
      for (const socket of batch) socket.on("error", () => {});
      await Promise.all(batch.map((socket) => once(socket, "connect")));
      sockets.push(...batch);
    }
    for (const socket of sockets.slice(0, many / 2)) {
      socket.write(`GET ${world.target}/x HTTP/1.1\r\nHost: a\r\nX-Slow: `);
    }
    for (let call = 0; call < 50; call++) {
      expect(await world.statusOf(gate)).toBe(200);
      expect(await world.statusOf(gate, "lkc_x")).toBe(403);
    }
    expect(residentMiB() - before).toBeLessThan(200);
    expect(sockets.filter((socket) => socket.destroyed)).toEqual([]);
    for (const socket of sockets) socket.destroy();
  },
);
