import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { config } from "@/lib/config";
import { boxContext, seal } from "@/lib/crypto/sealed-box";
import { isAlive, waitUntil } from "@/server/processes";
import { query } from "../support/database";
import {
  embeddedUrl,
  killLaunched,
  launchReady,
  newDataDirectory,
  serverProcesses,
} from "../support/launched";

let data: ReturnType<typeof newDataDirectory>;

beforeEach(() => {
  data = newDataDirectory();
});

afterEach(async () => {
  killLaunched();
  await waitUntil(() => serverProcesses(data.path).length === 0, { withinMs: 20_000 });
  data.remove();
});

const run = <Row extends object>(text: string, values?: readonly unknown[]) =>
  query<Row>(embeddedUrl(data.path), text, values);

const writeAccount = (name: string) =>
  run('insert into "Account" (id, name) values (gen_random_uuid(), $1)', [name]);

const readAccounts = async () =>
  (await run<{ name: string }>('select name from "Account" order by name')).map(({ name }) => name);

/** The process that runs a program of dist/, found by its parent. */
function childOf(parent: number | undefined, program: "dashboard.js" | "gate.js"): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ");
  const child = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(program));
  return Number(child);
}

const dashboardOf = (parent: number | undefined) => childOf(parent, "dashboard.js");

const env = () => ({ LATCHKEY_DATA_DIR: data.path });
const answers =
  (url: string, path = "/readyz") =>
  async () =>
    (await fetch(url + path).catch(() => null))?.status === 200;

describe.runIf(process.platform === "linux")("what survives", () => {
  it("data and secret survive kill -9 of everything", async () => {
    const first = await launchReady(env());
    await writeAccount("kept");
    const secret = readFileSync(join(data.path, "secret"), "utf8");
    const dashboard = dashboardOf(first.child.pid);
    const all = [first.child.pid ?? 0, dashboard, ...serverProcesses(data.path)];
    expect(all.length).toBeGreaterThan(5);
    for (const pid of all) process.kill(pid, "SIGKILL");
    await first.ends();

    const second = await launchReady(env());
    expect(await readAccounts()).toEqual(["kept"]);
    expect(await answers(second.url)()).toBe(true);
    expect(readFileSync(join(data.path, "secret"), "utf8")).toBe(secret);
  });

  it("the next start tries the secret on what is sealed, and serves", async () => {
    writeFileSync(join(data.path, "secret"), `${config().secrets()[0]}\n`, { mode: 0o600 });
    const first = await launchReady(env());
    await writeAccount("sealed");
    await run(
      `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
       SELECT 'shop', "id", 'Shop', ''::bytea, $1, now() FROM "Account"`,
      [seal("token", boxContext.instanceToken("shop"))],
    );
    first.child.kill("SIGTERM");
    await first.ends();
    const second = await launchReady(env());
    expect(await answers(second.url)()).toBe(true);
  });

  it("nothing stays behind when only the starting process is killed, and the next start is clean", async () => {
    const first = await launchReady(env());
    await writeAccount("kept");
    const dashboard = dashboardOf(first.child.pid);
    first.child.kill("SIGKILL");
    const gone = () => !isAlive(dashboard) && serverProcesses(data.path).length === 0;
    expect(await waitUntil(gone, { withinMs: 15_000 })).toBe(true);

    await launchReady(env());
    expect(await readAccounts()).toEqual(["kept"]);
  });

  it("a start right after a kill does not wait for anybody to clean up", async () => {
    const first = await launchReady(env());
    await writeAccount("kept");
    first.child.kill("SIGKILL");
    await launchReady(env());
    expect(await readAccounts()).toEqual(["kept"]);
  });

  it("a dashboard, a gate or a database that dies is started again", async () => {
    const { child, url } = await launchReady({ ...env(), PORT: "41907" });
    const page = "/register";
    const within = { withinMs: 20_000, everyMs: 100 };
    process.kill(dashboardOf(child.pid), "SIGKILL");
    expect(await waitUntil(async () => !(await answers(url, page)()), within)).toBe(true);
    expect(await answers(url)()).toBe(true);
    expect(await waitUntil(answers(url, page), within)).toBe(true);

    process.kill(childOf(child.pid, "gate.js"), "SIGKILL");
    expect(await waitUntil(answers(url, page), within)).toBe(true);

    for (const pid of serverProcesses(data.path)) process.kill(pid, "SIGKILL");
    expect(await waitUntil(answers(url), { withinMs: 20_000, everyMs: 100 })).toBe(true);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("one %s stops everything cleanly", async (signal) => {
    const { child, ends, output } = await launchReady(env());
    const dashboard = dashboardOf(child.pid);
    child.kill(signal);
    expect(await ends()).toBe(0);
    expect(isAlive(dashboard)).toBe(false);
    expect(serverProcesses(data.path)).toEqual([]);
    expect(output()).not.toMatch(/error|at .*\.js/i);
    await launchReady(env());
  });

  it("secrets are for their owner only", async () => {
    await launchReady(env());
    for (const name of ["secret", "postgres-password"]) {
      expect(statSync(join(data.path, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(join(data.path, "postgres")).mode & 0o777).toBe(0o700);
  });
});
