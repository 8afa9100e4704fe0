import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { type GateWorld, openGateWorld } from "../test/support/gate-world";
import { killLaunched, launch } from "../test/support/launched";
import { expressions } from "../test/support/monitoring-files";
import { askedBy, seriesIn } from "../test/support/prom-ql";
import { freePort } from "./http/listen";
import { waitUntil } from "./processes";

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

/** What dashboard and alerts of deploy/monitoring ask for, and the reference lists, is in what a gate tells. */
function expectToKnow(metrics: string): void {
  const told = seriesIn(metrics);
  // Prometheus has these itself.
  const own = new Set(["up"]);
  const ownLabels = ["job", "instance"];
  for (const expression of expressions) {
    const { metrics: names, labels, values } = askedBy(expression);
    const asked = told.filter(({ name }) => names.includes(name));
    const known = new Set([...ownLabels, ...asked.flatMap((series) => [...series.labels.keys()])]);
    expect([
      expression,
      names.filter((name) => !own.has(name) && !asked.some((one) => one.name === name)),
    ]).toEqual([expression, []]);
    expect([expression, labels.filter((label) => !known.has(label))]).toEqual([expression, []]);
    // Outcomes are there once they happened: the contract lists them.
    const fixed = values.filter(([label]) => !["outcome", ...ownLabels].includes(label));
    const has = ([label, value]: readonly [string, string]) =>
      asked.some((one) => one.labels.get(label) === value);
    expect([expression, fixed.filter((pair) => !has(pair))]).toEqual([expression, []]);
  }
  const families = new Set(told.map(({ name }) => name.replace(/_(?:bucket|sum|count)$/, "")));
  const page = readFileSync("docs/operations/monitoring.md", "utf8");
  const listed = [...page.matchAll(/`(latchkey_gate_\w+)`/g)].map(([, name = ""]) => name);
  expect([...new Set(listed)].sort()).toEqual([...families].sort());
}

describe("the gate as a process", () => {
  test("needs nothing but a database and the secret, and says which is missing", async () => {
    const noDatabase = launch("gate.js", { LATCHKEY_SECRET: process.env.LATCHKEY_SECRET ?? "" });
    await noDatabase.prints(/set DATABASE_URL/);
    expect(await noDatabase.ends()).toBe(1);
    const noSecret = launch("gate.js", { DATABASE_URL: process.env.DATABASE_URL ?? "" });
    await noSecret.prints(/LATCHKEY_SECRET/);
    expect(await noSecret.ends()).toBe(1);
  });

  test("without a dashboard there is nothing else; with one that is away, a page says so", async () => {
    const alone = await world.startGate();
    expect(await world.statusOf(alone)).toBe(200);
    expect((await fetch(`${alone.url}/login`)).status).toBe(404);

    const gate = await world.startGate({ GATE_DASHBOARD_URL: `http://127.0.0.1:${await freePort()}` });
    expect(await world.statusOf(gate)).toBe(200);
    const page = await fetch(`${gate.url}/login`, { headers: { accept: "text/html" } });
    expect(page.status).toBe(503);
    expect(page.headers.get("retry-after")).toBe("3");
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await page.text()).toContain("The dashboard is starting");
    const portuguese = { accept: "text/html", "accept-language": "pt-PT, en;q=0.5" };
    const local = await (await fetch(`${gate.url}/login`, { headers: portuguese })).text();
    expect(local).toContain('<html lang="pt-BR">');
    expect(local).toContain("O painel está iniciando");
    const spanish = { ...portuguese, cookie: "a=b; latchkey.language=es" };
    const chosen = await (await fetch(`${gate.url}/login`, { headers: spanish })).text();
    expect(chosen).toContain("El panel se está iniciando");
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
    const gate = await world.startGate({ GATE_DASHBOARD_URL: world.upstreamUrl, TRUSTED_PROXIES: "" });
    world.behave((request, response) => response.end(JSON.stringify(request.headers)));
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
    const gate = await world.startGate({
      GATE_WORKERS: "2",
      ADMIN_PORT: String(adminPort),
      PORT: String(port),
    });
    const admin = (path: string) => fetch(`http://127.0.0.1:${adminPort}${path}`);
    expect((await admin("/readyz")).status).toBe(200);
    const calls = async (count: number) => {
      for (let n = 0; n < count; n++) {
        const answer = await fetch(`${gate.url + world.target}/x`, {
          headers: { "client-token": n % 2 ? world.token : "lkc_x", connection: "close" },
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
    const skew = Number(/^latchkey_gate_clock_skew_seconds (\S+)$/m.exec(metrics)?.[1]);
    expect(Math.abs(skew)).toBeLessThan(1);
    for (const name of ["connections", "tunnels", "policies_held", "event_loop_lag_seconds", "upstreams"])
      expect(metrics).toContain(`latchkey_gate_${name}`);
    expect(metrics).not.toContain(world.world.idOf("closed"));
    expectToKnow(metrics);

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
    const gates = await Promise.all([world.startGate(), world.startGate()]);
    for (const gate of gates) expect(await world.statusOf(gate)).toBe(200);
    for (const paused of [true, false]) {
      await world.pause(paused);
      for (const gate of gates) {
        const right = async () => (await world.statusOf(gate)) === (paused ? 403 : 200);
        expect(await waitUntil(right, { withinMs: 1000, everyMs: 5 })).toBe(true);
      }
    }
  });
});

describe("a gate that is told to stop", () => {
  test("told to stop, it finishes what runs, says goodbye to WebSockets, takes nothing new, and ends", async () => {
    const gate = await world.startGate({ GATE_DRAIN_SECONDS: "5" });
    let finish = () => {};
    world.behave((_request, response) => {
      response.write("half, ");
      finish = () => response.end("whole");
    });
    const answer = await world.call(gate);
    const socket = new WebSocket(`${gate.url.replace("http", "ws") + world.target}/socket`, {
      headers: { "client-token": world.token },
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

  test("with a delay, it goes on answering while it already says that it leaves", async () => {
    const gate = await world.startGate({ GATE_SHUTDOWN_DELAY_SECONDS: "3" });
    gate.child.kill("SIGTERM");
    const leaves = async () => (await fetch(`${gate.url}/readyz`).catch(() => null))?.status === 503;
    expect(await waitUntil(leaves, { withinMs: 2500 })).toBe(true);
    expect(await world.statusOf(gate)).toBe(200);
    expect(await world.statusOf(gate, "lkc_x")).toBe(403);
    expect(await gate.ends()).toBe(0);
  });

  test("what does not finish in time is cut off", async () => {
    const gate = await world.startGate({ GATE_DRAIN_SECONDS: "0.5" });
    world.behave((_request, response) => void response.write("for ever"));
    const answer = await world.call(gate);
    const since = performance.now();
    gate.child.kill("SIGTERM");
    expect(await gate.ends()).toBe(0);
    expect(performance.now() - since).toBeLessThan(4000);
    await expect(answer.text()).rejects.toThrow();
  });
});
