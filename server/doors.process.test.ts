import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { rawExchange } from "@/test/conformance/raw-client";
import { type GateWorld, openGateWorld } from "../test/support/gate-world";
import { killLaunched, launch } from "../test/support/launched";

let world: GateWorld;

beforeAll(async () => {
  world = await openGateWorld();
});

afterEach(() => {
  killLaunched();
  world.behave();
});

afterAll(() => world.close());

const places = { LATCHKEY_URL: "http://latchkey.test", LATCHKEY_GATE_URL: "http://gate.test:8080" };

async function expectInstancesOnly(base: string): Promise<void> {
  const get = (target: string, host: string, more: [string, string][] = []) =>
    rawExchange(base, { target, headers: [["host", host], ...more] });
  for (const host of ["gate.test:8080", "GATE.test", "gate.test.:1"]) {
    const called = await get(`${world.target}/x`, host, [["client-token", world.token]]);
    expect([host, called.status, called.body]).toEqual([host, 200, "ok"]);
    expect((await get("/healthz", host)).status).toBe(200);
    expect((await get("/readyz", host)).status).toBe(200);
    for (const path of [
      "/",
      "/login",
      "/overview",
      "/api/live",
      "/_next/static/x.js",
      "/robots.txt",
      "/manifest.webmanifest",
      "/icon.svg",
      "/nowhere",
      "/metrics",
    ]) {
      const { status, body } = await get(path, host);
      expect([host, path, status, body]).toEqual([host, path, 404, '{"error":"Not found"}']);
    }
  }
  const forwarded = await get("/login", "127.0.0.1", [["x-forwarded-host", "gate.test"]]);
  expect([forwarded.status, forwarded.body]).toEqual([404, '{"error":"Not found"}']);
  const absolute = await get("http://gate.test:8080/login", "latchkey.test");
  expect([absolute.status, absolute.body]).toEqual([404, '{"error":"Not found"}']);
  const page = await get("/login", "latchkey.test");
  expect(page.status).toBe(200);
  const other = await get(`${world.target}/x`, "latchkey.test", [["client-token", world.token]]);
  expect(other.headers).toContainEqual(["content-security-policy", "sandbox; default-src 'none'"]);
}

test("on the gate's own host name there are instances and probes, and nothing else, through the gate", async () => {
  const gate = await world.startGate({ ...places, GATE_DASHBOARD_URL: world.upstreamUrl });
  await expectInstancesOnly(gate.url);
});

test("and so it is when the dashboard is reached directly", async () => {
  const { DATABASE_URL = "", LATCHKEY_SECRET = "" } = process.env;
  const dashboard = launch("dashboard.js", { DATABASE_URL, LATCHKEY_SECRET, ...places });
  const [, url = ""] = await dashboard.prints(/Latchkey is ready: (\S+)\n/);
  await expectInstancesOnly(url);
});

test("neither process starts with instances on the dashboard's host name, and both say why", async () => {
  const { DATABASE_URL = "", LATCHKEY_SECRET = "" } = process.env;
  const sharing = { LATCHKEY_URL: "http://latchkey.test", LATCHKEY_GATE_URL: "http://latchkey.test:8080" };
  for (const script of ["gate.js", "dashboard.js"]) {
    const launched = launch(script, { DATABASE_URL, LATCHKEY_SECRET, ...sharing });
    await launched.prints(/LATCHKEY_GATE_URL: has the host name of LATCHKEY_URL/);
    expect(await launched.ends()).toBe(1);
  }
});
