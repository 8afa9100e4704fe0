import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { advisoryList, judgeVersion } from "../doctor/advisories";
import shipped from "../doctor/advisories.json";
import { refuseWhileInUse, takeLock } from "./process-lock.mjs";
import { isSupportedLine, isSupportedNode } from "./runtime.mjs";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-lock-"));
  path = join(folder, "inner", "a.lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the Node.js version", () => {
  const read = (...path: string[]) => readFileSync(join(import.meta.dirname, "..", "..", ...path), "utf8");
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  const oldest = engines.node.match(/\d+\.\d+\.\d+/g) ?? [];

  it.each([...oldest, "22.24.0", "24.23.0", "27.0.0", "28.1.0"])("accepts %s", (version) => {
    expect(isSupportedNode(version)).toBe(true);
  });

  it.each(["12.22.0", "20.20.2", "21.7.3", "22.23.3", "23.11.0", "24.22.0", "25.9.0", "26.10.0", "26.12.0"])(
    "refuses %s",
    (version) => {
      expect(isSupportedNode(version)).toBe(false);
    },
  );

  it("is refused by a built program only where that could not run on it: an image may have an older base", () => {
    const versions = ["20.20.2", "23.11.0", "22.0.0", "26.10.0", "28.1.0"];
    expect(versions.filter(isSupportedLine)).toEqual(["22.0.0", "26.10.0", "28.1.0"]);
  });

  it.each(oldest)(
    "%s, the oldest of its line, has no weakness that doctor knows, and is named to people",
    (version) => {
      const list = advisoryList.parse(shipped);
      expect(judgeVersion({ name: "node", version }, list, list.updated)).toMatchObject({ state: "ok" });
      for (const document of ["start.md", "contributing/release.md"])
        expect(read("docs", document), document).toContain(version);
    },
  );
});

/** Calls a function of a module with a path in another process, says what came of it, and stays until it is ended. */
function inAnother(module: string, name: string, ...args: string[]) {
  const script = `
    import { ${name} } from ${JSON.stringify(join(import.meta.dirname, module))};
    process.stdout.write((JSON.stringify(${name}(...${JSON.stringify(args)})) ?? "done") + "\\n");
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
    const all = [1, 2, 3, 4].map(() => inAnother("process-lock.mjs", "takeLock", path));
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

describe("a folder that programs run from", () => {
  it("is not set up anew while one of them lives, and is again when it was killed", async () => {
    refuseWhileInUse(folder);
    const program = inAnother("process-lock.mjs", "markInUse", folder, "start");
    await once(program.stdout, "data");
    expect(() => refuseWhileInUse(folder)).toThrow(`"start" (process ${program.pid}) runs from this folder`);
    program.kill("SIGKILL");
    await once(program, "close");
    expect(readdirSync(folder)).toEqual([`${program.pid}`]);
    refuseWhileInUse(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is free again when a program ends by itself", async () => {
    const program = inAnother("process-lock.mjs", "markInUse", folder, "gate");
    await once(program.stdout, "data");
    program.stdin.end();
    await once(program, "close");
    expect(readdirSync(folder)).toEqual([]);
  });
});
