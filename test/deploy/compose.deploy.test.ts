import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "@/server/processes";
import { print } from "@/server/terminal";
import { startCallers } from "@/test/support/gate-world";
import { type Enforced, enforce } from "./journey";
import {
  composeProject,
  hasPodman,
  isReady,
  latchkeyImage,
  type Project,
  podman,
  type Wants,
} from "./podman";

const secret = () => randomBytes(24).toString("hex");
const projects: Project[] = [];

async function started(name: string, wants: Wants = {}): Promise<Project> {
  const project = await composeProject(name, await latchkeyImage(), wants);
  projects.push(project);
  if (project.standIns.length > 0) print(`${name}: stand-ins for ${project.standIns.join(", ")}`);
  await project.up();
  await isReady(project.url);
  return project;
}

afterAll(async () => {
  for (const project of projects) await project.remove();
});

describe.runIf(hasPodman)("one.yaml", () => {
  // May have to build it.
  beforeAll(latchkeyImage);

  it("leads from nothing to the first rejected call", async () => {
    const begun = performance.now();
    const project = await started("one");
    const enforced = await enforce(project.url);
    expect((await enforced.call()).status).toBe(403);
    print(`from "up" to the first rejected call: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    await project.remove();
  });
});

const gateways = [
  {
    name: "evolution",
    upstream: "http://evolution:8080",
    header: "apikey",
    settings: { EVOLUTION_API_KEY: secret(), EVOLUTION_DATABASE_PASSWORD: secret() },
    key: "EVOLUTION_API_KEY",
  },
  {
    name: "waha",
    upstream: "http://waha:3000",
    header: "x-api-key",
    settings: { WAHA_API_KEY: secret(), WAHA_DASHBOARD_PASSWORD: secret() },
    key: "WAHA_API_KEY",
  },
] as const;

describe.runIf(hasPodman).each(gateways)("$name", ({ name, upstream, header, settings, key }) => {
  it("puts Latchkey in front of the gateway, which cannot be reached past it", async () => {
    const project = await started(name, { settings });
    const published = await podman("port", project.container(name)).catch(() => "");
    expect(published).toBe("");
    const enforced = await enforce(project.url, upstream);
    const own = { [header]: Object.entries(settings).find(([setting]) => setting === key)?.[1] ?? "" };
    const answers = async () => (await enforced.call(enforced.token, own)).status;
    await waitUntil(async () => (await answers()) === 200, { withinMs: 60_000, everyMs: 500 });
    const passed = await enforced.call(enforced.token, own);
    expect(passed.status).toBe(200);
    expect(await passed.text()).toContain("/message/sendText/night");
    const rejected = await enforced.call(undefined, own);
    expect(rejected.status).toBe(403);
    expect(await rejected.text()).toBe('{"error":"null not allowed"}');
    await project.remove();
  });
});

describe.runIf(hasPodman)("scale.yaml", () => {
  let project: Project;
  let enforced: Enforced;

  beforeAll(async () => {
    const password = secret();
    project = await started("scale", {
      secrets: {
        "latchkey-secret": secret(),
        "postgres-password": password,
        "database-url": `postgresql://latchkey:${password}@postgres:5432/latchkey`,
      },
    });
    enforced = await enforce(project.url);
  });

  /** Waits until a gate's own health check says that it serves, and HAProxy has had the time to notice. */
  async function isBack(gate: string) {
    const serves = () =>
      podman("healthcheck", "run", gate).then(
        () => true,
        () => false,
      );
    expect(await waitUntil(serves, { withinMs: 60_000, everyMs: 500 })).toBe(true);
    await delay(3000);
  }

  /** Calls with and without the token while something happens, and what was answered. */
  async function underCalls(work: () => Promise<void>) {
    const options = { count: 6, pauseMs: 5 };
    const ready = startCallers(project.url, enforced.target, { token: enforced.token, ...options });
    const unready = startCallers(project.url, enforced.target, { token: "lkc_x", ...options });
    await delay(1000);
    await work();
    await delay(2000);
    await Promise.all([ready.stop(), unready.stop()]);
    return { ready: ready.answers, unready: unready.answers };
  }

  /** Without an answer of a gate, a caller knows that it has none. */
  const none = new Set([0, 502, 503, 504]);
  const decisions = (answers: ReadonlyMap<number, number>) =>
    [...answers.keys()].filter((status) => !none.has(status));
  const told = (title: string, { ready, unready }: Awaited<ReturnType<typeof underCalls>>) =>
    print(`${title}: ${JSON.stringify({ ready: [...ready], unready: [...unready] })}`);

  it("gives no wrong answer when a gate is killed under calls, and takes it back", async () => {
    const gate = project.container("gate-1");
    const answers = await underCalls(async () => {
      await podman("kill", gate);
      await delay(3000);
      await podman("start", gate);
      await isBack(gate);
    });
    told("a gate killed", answers);
    expect(decisions(answers.ready)).toEqual([200]);
    expect(decisions(answers.unready)).toEqual([403]);
  });

  it("answers every call while one gate after the other is stopped and made anew", async () => {
    const answers = await underCalls(async () => {
      for (const name of ["gate-1", "gate-2"]) {
        const gate = project.container(name);
        await podman("stop", "-t", "30", gate);
        await podman("start", gate);
        await isBack(gate);
      }
    });
    told("gates replaced one by one", answers);
    expect([...answers.ready.keys()]).toEqual([200]);
    expect([...answers.unready.keys()]).toEqual([403]);
  });

  it("goes on deciding while the dashboard and the database are away", async () => {
    const answers = await underCalls(async () => {
      await podman("kill", project.container("dashboard"));
      await podman("kill", project.container("postgres"));
      await delay(5000);
      await podman("start", project.container("postgres"));
      await podman("start", project.container("dashboard"));
    });
    told("dashboard and database killed", answers);
    expect(decisions(answers.ready)).toEqual([200]);
    expect(decisions(answers.unready)).toEqual([403]);
    const page = async () => (await fetch(`${project.url}/login`).catch(() => null))?.status === 200;
    expect(await waitUntil(page, { withinMs: 60_000, everyMs: 200 })).toBe(true);
  });

  it("sees the caller's own address through HAProxy, and none that a caller claims", async () => {
    await enforced.call(enforced.token, { "x-forwarded-for": "203.0.113.9" });
    const addresses = async () => {
      const sql = `select distinct "address" from "Caller" where "address" is not null`;
      const psql = ["psql", "-U", "latchkey", "-d", "latchkey", "-tAc", sql];
      return (await podman("exec", project.container("postgres"), ...psql)).split("\n").filter(Boolean);
    };
    await waitUntil(async () => (await addresses()).length > 0, { withinMs: 20_000, everyMs: 200 });
    const seen = await addresses();
    const haproxy = await podman(
      "inspect",
      "--format",
      "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}",
      project.container("haproxy"),
    );
    expect(seen).toHaveLength(1);
    expect(seen).not.toContain("203.0.113.9");
    expect(seen).not.toContain(haproxy);
  });
});
