import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "@/server/processes";
import { type GateWorld, openGateWorld, openTcpLink } from "../support/gate-world";
import { killLaunched } from "../support/launched";

describe("a gate among faults", () => {
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
