import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isSupportedNode } from "./check-node.mjs";
import { takeLock } from "./process-lock.mjs";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-lock-"));
  path = join(folder, "inner", "a.lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the Node.js version", () => {
  it.each(["20.19.0", "20.20.2", "22.0.0", "24.1.0"])("accepts %s", (version) => {
    expect(isSupportedNode(version)).toBe(true);
  });

  it.each(["12.22.0", "18.20.8", "20.18.3"])("refuses %s", (version) => {
    expect(isSupportedNode(version)).toBe(false);
  });
});

/** Takes the lock in another process, says what came of it, and stays until its input ends. */
function other() {
  const script = `
    import { takeLock } from ${JSON.stringify(join(import.meta.dirname, "process-lock.mjs"))};
    process.stdout.write(JSON.stringify(takeLock(${JSON.stringify(path)})) + "\\n");
    process.stdin.resume();`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

describe("a lock between processes", () => {
  it("is held by one, refused to others, and free again when released", () => {
    const lock = takeLock(path);
    expect(lock.held).toBe(true);
    expect(takeLock(path)).toEqual({ held: false, pid: process.pid });
    if (lock.held) lock.release();
    expect(existsSync(path)).toBe(false);
    expect(takeLock(path).held).toBe(true);
  });

  it("goes to exactly one of many that ask at once, and ends with a killed holder", async () => {
    const all = [1, 2, 3, 4].map(other);
    const said = await Promise.all(all.map(async (one) => String(await once(one.stdout, "data"))));
    expect(said.filter((text) => text.includes('"held":true'))).toHaveLength(1);
    for (const one of all) one.kill("SIGKILL");
    await Promise.all(all.map((one) => once(one, "close")));
    expect(takeLock(path).held).toBe(true);
  });

  it.each(["", "nonsense", "1\n0\n", `${process.pid}\n1\n`, "999999999\n1\n"])(
    "is taken over when what it says (%j) names no living holder",
    (text) => {
      rmSync(folder, { recursive: true });
      spawnSync("mkdir", ["-p", join(folder, "inner")]);
      writeFileSync(path, text);
      expect(takeLock(path).held).toBe(true);
      expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^${process.pid}\n`));
      expect(readdirSync(join(folder, "inner"))).toEqual(["a.lock"]);
    },
  );
});
