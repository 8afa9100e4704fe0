import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { raiseEpochOf } from "@/lib/gate/conformance/raise-epoch";
import { seedWorld } from "@/lib/gate/conformance/seed";
import { makeWorld } from "@/lib/gate/conformance/world";
import { freePort } from "./free-port";
import { killLaunched, type Launched, launch } from "./test/launched";
import { openTcpLink } from "./test/tcp-link";
import { waitUntil } from "./wait";

const databaseUrl = () => process.env.DATABASE_URL ?? "";
const secret = () => process.env.LATCHKEY_SECRET ?? "";

interface Gate extends Launched {
  readonly url: string;
}

async function startGate(env: Record<string, string> = {}): Promise<Gate> {
  const started = launch("gate.js", { DATABASE_URL: databaseUrl(), LATCHKEY_SECRET: secret(), ...env });
  const [, url = ""] = await started.prints(/the gate listens on (\S+)\n/);
  const ready = async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
  expect(await waitUntil(ready, { withinMs: 10_000 })).toBe(true);
  return { ...started, url };
}

describe("the gate as a process", () => {
  const world = makeWorld(randomUUID());
  const token = world.clientTokenOf("closed", "current");
  const target = `/instances/${world.idOf("closed")}/token/${world.instanceTokenOf("closed")}`;
  let behave: RequestListener = (_request, response) => response.end("ok");
  let upstream: Server;
  let remove: () => Promise<void>;
  let client: pg.Client;

  beforeAll(async () => {
    upstream = createServer((request, response) => behave(request, response));
    const sockets = new WebSocketServer({ server: upstream });
    sockets.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
    upstream.listen(0, "127.0.0.1");
    await once(upstream, "listening");
    const { port } = upstream.address() as AddressInfo;
    remove = await seedWorld(databaseUrl(), world, `http://127.0.0.1:${port}`);
    client = new pg.Client({ connectionString: databaseUrl() });
    await client.connect();
  });

  afterEach(async () => {
    killLaunched();
    await pause(false);
    behave = (_request, response) => response.end("ok");
  });

  afterAll(async () => {
    await client.end();
    await remove();
    upstream.closeAllConnections();
    upstream.close();
  });

  const call = (gate: Gate, presented = token) =>
    fetch(`${gate.url + target}/x`, { headers: { "client-token": presented } });
  const statusOf = async (gate: Gate, presented = token) => (await call(gate, presented)).status;
  const pause = (paused: boolean) =>
    raiseEpochOf(client, world.idOf("closed"), async () => {
      await client.query(`UPDATE "Instance" SET "pausedAt" = $2 WHERE "id" = $1`, [
        world.idOf("closed"),
        paused ? new Date() : null,
      ]);
    });

  test("needs nothing but a database and the secret, and says which is missing", async () => {
    const noDatabase = launch("gate.js", { LATCHKEY_SECRET: secret() });
    await noDatabase.prints(/set DATABASE_URL/);
    expect(await noDatabase.ends()).toBe(1);
    const noSecret = launch("gate.js", { DATABASE_URL: databaseUrl() });
    await noSecret.prints(/LATCHKEY_SECRET/);
    expect(await noSecret.ends()).toBe(1);
  });

  test("without a dashboard there is nothing else; with one that is away, a page says so", async () => {
    const alone = await startGate();
    expect(await statusOf(alone)).toBe(200);
    expect((await fetch(`${alone.url}/login`)).status).toBe(404);

    const gate = await startGate({ GATE_DASHBOARD_URL: `http://127.0.0.1:${await freePort()}` });
    expect(await statusOf(gate)).toBe(200);
    const page = await fetch(`${gate.url}/login`, { headers: { accept: "text/html" } });
    expect(page.status).toBe(503);
    expect(page.headers.get("retry-after")).toBe("3");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await page.text()).toContain("The dashboard is starting");
    for (const [path, accept] of [
      ["/api/x", "text/html"],
      ["/login", "application/json"],
    ] as const) {
      const answer = await fetch(gate.url + path, { headers: { accept } });
      expect(answer.status).toBe(503);
      expect(await answer.json()).toEqual({ error: "Dashboard unavailable" });
    }
    expect((await fetch(`${gate.url}/healthz`)).status).toBe(200);
  });

  test("passes on everything else with its host, and says who called", async () => {
    const { port } = upstream.address() as AddressInfo;
    const gate = await startGate({ GATE_DASHBOARD_URL: `http://127.0.0.1:${port}`, TRUSTED_PROXIES: "" });
    behave = (request, response) => response.end(JSON.stringify(request.headers));
    const answer = await fetch(`${gate.url}/login?x=1`, {
      headers: { "x-latchkey-peer": "forged", "x-latchkey-raw-url": "forged", cookie: "a=1" },
    });
    const headers = (await answer.json()) as Record<string, string>;
    expect(headers.host).toBe(new URL(gate.url).host);
    expect(headers.cookie).toBe("a=1");
    expect(headers["x-latchkey-peer"]).toMatch(/^[0-9a-f]{64} 127\.0\.0\.1$/);
    expect(headers).not.toHaveProperty("x-latchkey-raw-url");
  });

  test("several processes serve behind one port, and one that dies is replaced", async () => {
    const adminPort = await freePort();
    const port = await freePort();
    const gate = await startGate({ GATE_WORKERS: "2", ADMIN_PORT: String(adminPort), PORT: String(port) });
    const admin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`);
    expect((await admin("/readyz")).status).toBe(200);
    const calls = async (count: number) => {
      for (let n = 0; n < count; n++) {
        const answer = await fetch(`${gate.url + target}/x`, {
          headers: { "client-token": n % 2 ? token : "lkc_x", connection: "close" },
        });
        expect(answer.status).toBe(n % 2 ? 200 : 403);
        await answer.text();
      }
    };
    await calls(20);
    const metrics = await (await admin("/metrics")).text();
    expect(metrics).toContain('latchkey_gate_requests_total{outcome="accepted"} 10');
    expect(metrics).toContain('latchkey_gate_requests_total{outcome="malformed"} 10');
    expect(metrics).toMatch(/latchkey_gate_request_duration_seconds_count\{outcome="accepted"\} 10/);
    expect(metrics).toMatch(/latchkey_gate_policy_staleness_seconds 0\n/);
    for (const name of ["connections", "tunnels", "policies_held", "event_loop_lag_seconds", "upstreams"])
      expect(metrics).toContain(`latchkey_gate_${name}`);
    expect(metrics).not.toContain(world.idOf("closed"));

    const processes = () =>
      readFileSync(`/proc/${gate.child.pid}/task/${gate.child.pid}/children`, "utf8").trim().split(" ");
    if (process.platform === "linux") {
      const [first = ""] = processes();
      process.kill(Number(first), "SIGKILL");
      await gate.prints(/ended by itself/);
      const replaced = () => processes().length === 2 && !processes().includes(first);
      expect(await waitUntil(replaced, { withinMs: 5000 })).toBe(true);
      await calls(10);
    }
    gate.child.kill("SIGTERM");
    expect(await gate.ends()).toBe(0);
  });

  test("a changed decision counts at once on every gate", async () => {
    const gates = await Promise.all([startGate(), startGate()]);
    for (const gate of gates) expect(await statusOf(gate)).toBe(200);
    for (const paused of [true, false]) {
      await pause(paused);
      for (const gate of gates) {
        const right = async () => (await statusOf(gate)) === (paused ? 403 : 200);
        expect(await waitUntil(right, { withinMs: 1000, everyMs: 5 })).toBe(true);
      }
    }
  });

  test.each(["cut", "silence"] as const)(
    "with the database gone (%s) answers stay right, then there are none, then all is well again",
    async (how) => {
      const link = await openTcpLink(databaseUrl());
      const gate = await startGate({ DATABASE_URL: link.url, GATE_MAX_STALENESS_SECONDS: "2" });
      expect(await statusOf(gate)).toBe(200);
      expect(await statusOf(gate, "lkc_x")).toBe(403);
      const wrong: number[] = [];
      const seen = new Set<number>();
      let running = true;
      const traffic = (async () => {
        while (running) {
          const [good, bad] = [await statusOf(gate), await statusOf(gate, "lkc_x")];
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
      expect(await waitUntil(async () => (await statusOf(gate)) === 503, { withinMs: 6000 })).toBe(true);
      // Decided while nobody can hear of it: once the gate hears again, it counts.
      await pause(true);
      link.mend();
      expect(await waitUntil(async () => (await statusOf(gate)) === 403, { withinMs: 15_000 })).toBe(true);
      await pause(false);
      expect(await waitUntil(async () => (await statusOf(gate)) === 200, { withinMs: 5000 })).toBe(true);
      running = false;
      await traffic;
      expect(wrong.filter((status) => status !== 403)).toEqual([]);
      await link.close();
    },
  );

  test("told to stop, it finishes what runs, says goodbye to WebSockets, takes nothing new, and ends", async () => {
    const gate = await startGate({ GATE_DRAIN_SECONDS: "5" });
    let finish = () => {};
    behave = (_request, response) => {
      response.write("half, ");
      finish = () => response.end("whole");
    };
    const answer = await call(gate);
    const socket = new WebSocket(`${gate.url.replace("http", "ws") + target}/socket`, {
      headers: { "client-token": token },
    });
    await once(socket, "open");
    const closed = once(socket, "close") as Promise<[number]>;
    gate.child.kill("SIGTERM");
    expect((await closed)[0]).toBe(1001);
    expect(await waitUntil(async () => !(await fetch(gate.url).catch(() => null)), { withinMs: 3000 })).toBe(
      true,
    );
    finish();
    expect(await answer.text()).toBe("half, whole");
    expect(await gate.ends()).toBe(0);
  });

  test("what does not finish in time is cut off", async () => {
    const gate = await startGate({ GATE_DRAIN_SECONDS: "0.5" });
    behave = (_request, response) => void response.write("for ever");
    const answer = await call(gate);
    const since = performance.now();
    gate.child.kill("SIGTERM");
    expect(await gate.ends()).toBe(0);
    expect(performance.now() - since).toBeLessThan(4000);
    await expect(answer.text()).rejects.toThrow();
  });

  test("clients that are too slow lose their connection", async () => {
    const gate = await startGate({ GATE_HEADERS_TIMEOUT_SECONDS: "1", GATE_IDLE_TIMEOUT_SECONDS: "5" });
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
    behave = (request) => void request.resume();
    const [headless, stuck] = await Promise.all([
      talk(`GET ${target}/x HTTP/1.1\r\nHost: a\r\nX-Slow: `),
      talk(`POST ${target}/x HTTP/1.1\r\nHost: a\r\nClient-Token: ${token}\r\nContent-Length: 9\r\n\r\nabc`),
    ]);
    expect(headless).toContain("408 Request Timeout");
    expect(stuck).toBe("");
  });

  test("a flood of rejections is not a flood of lines", async () => {
    const gate = await startGate();
    for (let n = 0; n < 30; n++) await Promise.all(Array.from({ length: 20 }, () => statusOf(gate, "lkc_x")));
    await gate.prints(/lines left out/);
    expect(gate.output().match(/"msg":"rejected"/g)?.length ?? 0).toBeLessThan(600);
    for (const secretText of [token, world.instanceTokenOf("closed"), "lkc_x"])
      expect(gate.output()).not.toContain(secretText);
  });
});
