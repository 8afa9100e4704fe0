import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listen } from "@/server/http/listen";
import { waitUntil } from "@/server/processes";
import { killLaunched, launch, launchReady, newDataDirectory, serverProcesses } from "../support/launched";

let data: ReturnType<typeof newDataDirectory>;

beforeEach(() => {
  data = newDataDirectory();
});

afterEach(async () => {
  killLaunched();
  await waitUntil(() => serverProcesses(data.path).length === 0, { withinMs: 20_000 });
  data.remove();
});

const env = (more: Record<string, string> = {}) => ({ LATCHKEY_DATA_DIR: data.path, ...more });

/** Starts Latchkey, expects it to give up, and returns its last words. */
async function lastWords(settings: Record<string, string>, args: readonly string[] = []): Promise<string> {
  const started = launch("start.js", settings, args);
  expect(await started.ends()).toBe(1);
  expect(started.output()).not.toContain("is ready");
  expect(started.output(), "a stack trace is no answer").not.toMatch(/^\s+at /m);
  expect(serverProcesses(data.path)).toEqual([]);
  return started.output().trimEnd().split("\n").at(-1) ?? "";
}

describe.runIf(process.platform === "linux")("what is refused in one clear line", () => {
  it("a port in use, before a database is started", async () => {
    const other = createServer();
    const port = await listen(other, 0, "127.0.0.1");
    const line = await lastWords(env({ PORT: String(port) }));
    other.close();
    expect(line).toBe(
      `Latchkey: port ${port} is in use on 127.0.0.1. Stop the other program, or choose another port: PORT=${port + 1} npm start.`,
    );
    expect(existsSync(join(data.path, "postgres"))).toBe(false);
  });

  it("an address that is not this machine's", async () => {
    expect(await lastWords(env({ HOST: "192.0.2.1" }))).toMatch(
      /192\.0\.2\.1 is not an address of this machine/,
    );
  });

  it("a data directory that another Latchkey uses", async () => {
    const first = await launchReady(env());
    const started = launch("start.js", env());
    expect(await started.ends()).toBe(1);
    expect(started.output()).toContain(`another Latchkey (process ${first.child.pid}) uses ${data.path}`);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  });

  it("but not the lock of a process that is gone, nor a reused process id", async () => {
    const first = await launchReady(env());
    first.child.kill("SIGTERM");
    await first.ends();
    // The id lives, yet it is this test's process, not the one that wrote the lock.
    writeFileSync(join(data.path, "latchkey.lock"), `${process.pid}\n1\n`);
    writeFileSync(
      join(data.path, "postgres", "postmaster.pid"),
      `${process.pid}\n${data.path}/postgres\n1\n1\n\n\n`,
    );
    await launchReady(env());
  });

  it("a data directory of another PostgreSQL", async () => {
    mkdirSync(join(data.path, "postgres"));
    writeFileSync(join(data.path, "postgres", "PG_VERSION"), "17\n");
    expect(await lastWords(env())).toMatch(
      /was made by PostgreSQL 17, and this Latchkey brings \d+\. .*LATCHKEY_DATA_DIR/,
    );
  });

  it("data of which a part is gone, and nothing is put in its place", async () => {
    mkdirSync(join(data.path, "postgres"));
    writeFileSync(join(data.path, "postgres", "postgresql.conf"), "");
    expect(await lastWords(env())).toMatch(/postgres is damaged: .*PG_VERSION.*latchkey restore/);
    rmSync(join(data.path, "postgres"), { recursive: true });
    const first = await launchReady(env());
    first.child.kill("SIGTERM");
    await first.ends();
    rmSync(join(data.path, "postgres-password"));
    expect(await lastWords(env())).toMatch(/postgres-password is missing.* Put it back/);
    expect(existsSync(join(data.path, "postgres-password"))).toBe(false);
  });

  it("a secret that is damaged or blank, before a database is started", async () => {
    writeFileSync(join(data.path, "secret"), "short\n");
    expect(await lastWords(env())).toMatch(/secret is damaged/);
    expect(await lastWords(env({ LATCHKEY_SECRET: " ".repeat(40) }))).toMatch(
      /LATCHKEY_SECRET: give 32 char/,
    );
    const file = join(data.path, "given");
    writeFileSync(file, "\n");
    expect(await lastWords(env({ LATCHKEY_SECRET_FILE: file }))).toMatch(/LATCHKEY_SECRET_FILE: holds less/);
    expect(existsSync(join(data.path, "postgres"))).toBe(false);
  });

  it("a database that cannot be reached, without its password", async () => {
    const line = await lastWords(env({ DATABASE_URL: "postgresql://ann:hunter2@127.0.0.1:1/latchkey" }));
    expect(line).toContain("the database at 127.0.0.1:1/latchkey cannot be used: nothing answers there");
    expect(line).not.toContain("hunter2");
  });

  it("a user or password that is wrong", async () => {
    const url = new URL(process.env.DATABASE_URL ?? "");
    url.password = "not-the-password";
    expect(await lastWords(env({ DATABASE_URL: url.href }))).toContain("user or password is wrong");
  });

  it("settings that cannot work, all at once and without their values", async () => {
    const started = launch(
      "start.js",
      env({ PORT: "many", LATCHKEY_SECRET: "tooshort", REGISTRATION: "maybe" }),
    );
    expect(await started.ends()).toBe(1);
    for (const name of ["PORT", "LATCHKEY_SECRET", "REGISTRATION"]) {
      expect(started.output()).toMatch(new RegExp(`^Latchkey:   ${name}: \\S+`, "m"));
    }
    expect(started.output()).not.toContain("tooshort");
  });

  it("a list of breached passwords that cannot be used", async () => {
    const refusal = await lastWords(env({ BREACHED_PASSWORDS_FILE: "/nowhere/list.txt" }));
    expect(refusal).toContain("BREACHED_PASSWORDS_FILE does not work: it cannot be read (ENOENT)");
  });

  it("an option on the command line", async () => {
    expect(await lastWords(env(), ["--port", "1"])).toContain("there is no option --port");
  });

  const small = "a disk that is full";
  it.runIf(process.getuid?.() === 0)(small, async ({ skip }) => {
    const mounted = spawnSync("mount", [
      "-t",
      "tmpfs",
      "-o",
      "size=16m,mode=0711",
      "latchkey-test",
      data.path,
    ]);
    if (mounted.status !== 0) skip("this machine does not let tests mount a small disk");
    try {
      expect(await lastWords(env())).toBe(
        `Latchkey: the disk that holds ${data.path} is full. Free 200 MB or more and start again; no data is lost.`,
      );
    } finally {
      spawnSync("umount", [data.path]);
    }
  });

  it.skipIf(process.getuid?.() === 0)("a folder that may not be written", async () => {
    chmodSync(data.path, 0o500);
    expect(await lastWords(env())).toMatch(/this user may not write there/);
    chmodSync(data.path, 0o700);
  });
});
