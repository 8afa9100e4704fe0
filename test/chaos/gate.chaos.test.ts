import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "@/server/processes";
import { query } from "../support/database";
import { type GateWorld, openGateWorld, openTcpLink, startCallers } from "../support/gate-world";
import { killLaunched } from "../support/launched";

let world: GateWorld;

beforeAll(async () => {
  world = await openGateWorld();
});

afterEach(async () => {
  killLaunched();
  world.behave();
  await world.pause(false);
});

afterAll(() => world.close());

describe("a gate among faults", () => {
  test.each(["cut", "silence"] as const)(
    "with the database gone (%s) answers stay right, then there are none, then all is well again",
    async (how) => {
      const link = await openTcpLink(process.env.DATABASE_URL ?? "");
      const gate = await world.startGate({ DATABASE_URL: link.url, GATE_MAX_STALENESS_SECONDS: "2" });
      expect(await world.statusOf(gate)).toBe(200);
      expect(await world.statusOf(gate, "lkc_x")).toBe(403);
      const wrong: number[] = [];
      const seen = new Set<number>();
      let running = true;
      const traffic = (async () => {
        while (running) {
          const [good, bad] = [await world.statusOf(gate), await world.statusOf(gate, "lkc_x")];
          seen.add(good);
          if (good !== 200 && good !== 503) wrong.push(good);
          if (bad !== 403 && bad !== 503) wrong.push(bad);
          await delay(20);
        }
      })();
      await delay(300);
      link[how]();
      const unavailable = async () => (await fetch(`${gate.url}/readyz`)).status === 503;
      await delay(700);
      expect(seen).toEqual(new Set([200]));
      expect(await waitUntil(unavailable, { withinMs: 6000, everyMs: 50 })).toBe(true);
      expect(await waitUntil(async () => (await world.statusOf(gate)) === 503, { withinMs: 6000 })).toBe(
        true,
      );
      // Decided while nobody can hear of it: once the gate hears again, it counts.
      await world.pause(true);
      link.mend();
      expect(await waitUntil(async () => (await world.statusOf(gate)) === 403, { withinMs: 15_000 })).toBe(
        true,
      );
      await world.pause(false);
      expect(await waitUntil(async () => (await world.statusOf(gate)) === 200, { withinMs: 5000 })).toBe(
        true,
      );
      running = false;
      await traffic;
      expect(wrong.filter((status) => status !== 403)).toEqual([]);
      await link.close();
    },
  );

  test("clients that are too slow lose their connection", async () => {
    const gate = await world.startGate({ GATE_HEADERS_TIMEOUT_SECONDS: "1", GATE_IDLE_TIMEOUT_SECONDS: "5" });
    const { hostname, port } = new URL(gate.url);
    const talk = (bytes: string) =>
      new Promise<string>((resolve) => {
        let text = "";
        const socket = connect(Number(port), hostname, () => socket.write(bytes));
        socket.on("data", (chunk) => {
          text += chunk;
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve(text));
      });
    world.behave((request) => void request.resume());
    const [headless, stuck] = await Promise.all([
      talk(`GET ${world.target}/x HTTP/1.1\r\nHost: a\r\nX-Slow: `),
      talk(
        `POST ${world.target}/x HTTP/1.1\r\nHost: a\r\nClient-Token: ${world.token}\r\nContent-Length: 9\r\n\r\nabc`,
      ),
    ]);
    expect(headless).toContain("408 Request Timeout");
    expect(stuck).toBe("");
  });

  test("a flood of rejections is not a flood of lines", async () => {
    const gate = await world.startGate();
    for (let n = 0; n < 30; n++)
      await Promise.all(Array.from({ length: 20 }, () => world.statusOf(gate, "lkc_x")));
    await gate.prints(/lines left out/);
    expect(gate.output().match(/"msg":"rejected"/g)?.length ?? 0).toBeLessThan(600);
    for (const secretText of [world.token, world.world.instanceTokenOf("closed"), "lkc_x"])
      expect(gate.output()).not.toContain(secretText);
  });
  test.runIf(process.platform === "linux")("300 MiB go up and come back in little memory", async () => {
    const gate = await world.startGate();
    world.behave((request, response) => void request.pipe(response));
    const peakMiB = () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${gate.child.pid}/status`, "utf8"))?.[1]) / 1024;
    await world.statusOf(gate);
    const before = peakMiB();
    const block = Buffer.alloc(64 * 1024, "latchkey");
    const size = 300 * 1024 * 1024;
    const outgoing = request(`${gate.url + world.target}/big`, {
      method: "POST",
      headers: { "client-token": world.token, "content-length": size },
      agent: false,
    });
    Readable.from(
      (function* () {
        for (let sent = 0; sent < size; sent += block.length) yield block;
      })(),
    ).pipe(outgoing);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(size);
    expect(peakMiB() - before).toBeLessThan(100);
  });
});

async function accepted(instanceId: string): Promise<number> {
  const [row] = await query<{ sum: string | null }>(
    process.env.DATABASE_URL,
    `SELECT sum("requests") FROM "TrafficHour" WHERE "outcome" = 'accepted' AND "instanceId" = $1`,
    [instanceId],
  );
  return Number(row?.sum ?? 0);
}

test("a gate killed with -9 under load loses the statistics of its last moments, and never a decision", async () => {
  // Its own instance: what other tests called would be counted too.
  const own = await openGateWorld();
  let certain = 0;
  let answered = 0;
  for (let life = 0; life < 3; life++) {
    const gate = await own.startGate();
    const ready = startCallers(gate.url, own.target, { token: own.token, count: 8, pauseMs: 2 });
    const unready = startCallers(gate.url, own.target, { token: "lkc_x", count: 4, pauseMs: 2 });
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
  const written = await accepted(own.world.idOf("closed"));
  expect(certain).toBeGreaterThan(0);
  expect(written).toBeGreaterThanOrEqual(certain);
  // A request may be counted and its answer cut off: one for each caller and life.
  expect(written).toBeLessThanOrEqual(answered + 3 * 8);
  await own.close();
});

const size = 1024 ** 3;
const block = Buffer.alloc(64 * 1024, "latchkey");

function gigabyte(): Readable {
  return Readable.from(
    (function* () {
      for (let sent = 0; sent < size; sent += block.length) yield block;
    })(),
  );
}

async function lengthOf(stream: AsyncIterable<unknown>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += (chunk as Buffer).length;
  return bytes;
}

test.runIf(process.platform === "linux")(
  "a gigabyte goes up, and another comes down, in little memory",
  async () => {
    const gate = await world.startGate();
    const peakMiB = () =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${gate.child.pid}/status`, "utf8"))?.[1]) / 1024;
    let received = 0;
    world.behave((incoming, response) => {
      void lengthOf(incoming).then((bytes) => {
        received = bytes;
        response.writeHead(200, { "content-length": size });
        gigabyte().pipe(response);
      });
    });
    await world.statusOf(gate);
    const before = peakMiB();
    const outgoing = request(`${gate.url + world.target}/big`, {
      method: "POST",
      headers: { "client-token": world.token, "content-length": size },
      agent: false,
    });
    gigabyte().pipe(outgoing);
    const [response] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(received).toBe(size);
    expect(await lengthOf(response)).toBe(size);
    expect(peakMiB() - before).toBeLessThan(100);
  },
);

const many = 10_000;
const spare = 1000;

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
