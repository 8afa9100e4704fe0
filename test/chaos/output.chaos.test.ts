import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { checkout } from "../../server/folders";

const forged = '{"level":30,"name":"audit","event":{"account":"forged"},"msg":"recorded"}';
const output = pathToFileURL(join(checkout, "dist", "output.js")).href;

/** Runs a program behind the same first import that ours have, and gives what it printed, line by line. */
function run(program: string) {
  const ended = spawnSync(process.execPath, ["--import", output, "--input-type=module", "-e", program], {
    encoding: "utf8",
    env: { NODE_ENV: "production", PATH: process.env.PATH, FORGED: forged },
  });
  return { code: ended.status, stderr: ended.stderr, lines: ended.stdout.split("\n").slice(0, -1) };
}

const hostile = ["\\n", "\\r", "\\u2028", "\\u2029", "\\u0085", "\\v", "\\f", "\\u001b[2K\\r", "\\u009b"];
const text = `"x" + ${JSON.stringify(hostile).replaceAll("\\\\", "\\")}.map((end) => end + process.env.FORGED).join("") + "\\n"`;

describe("whatever a process prints is one line of JSON that its writer cannot end", () => {
  test.each([
    ...["log", "info", "warn", "error", "debug", "trace", "dir", "table", "group"].map(
      (method) => `console.${method}(${text})`,
    ),
    `console.error("⨯", new Error(${text}))`,
    `console.assert(false, ${text})`,
    `console.count(${text})`,
    `process.stdout.write(${text})`,
    `process.stderr.write(Buffer.from(${text}), () => {})`,
    `process.emitWarning(${text})`,
    `Promise.reject(new Error(${text}))`,
    `setTimeout(() => { throw new SyntaxError(${text}) })`,
    `setTimeout(() => { throw ${text} })`,
    `throw new Error(${text})`,
  ])("%s", (program) => {
    const { lines, stderr } = run(`process.env.LOG_LEVEL = "debug"; ${program}`);
    expect(stderr).toBe("");
    expect(lines).toHaveLength(1);
    for (const line of lines) {
      expect(line).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
      expect(JSON.parse(line)).toMatchObject({ name: "process" });
    }
  });

  test("an exception that nobody catches still ends the process, and its message stays inside", () => {
    const { code, lines } = run(
      `setTimeout(() => { throw new Error("hunter2") }); setTimeout(() => {}, 60_000)`,
    );
    expect(code).toBe(1);
    expect(lines.join()).not.toContain("hunter2");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: 60, err: { type: "Error" } });
  });

  test("what is printed holds no secret that is known by its form or its name, and no content of objects", () => {
    const { lines } = run(`
      console.log("/instances/a/token/hunter2/x", "cookie: hunter2", { password: "hunter2" }, ["hunter2"]);
      console.error(new Error("hunter2"), "postgres://a:hunter2@b/c");`);
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain("hunter2");
  });

  test("a flood is a hundred lines a second, and how many were left out is told", () => {
    const { lines } = run(`
      for (let i = 0; i < 5000; i++) console.error("x".repeat(100_000));
      setTimeout(() => {}, 1500);`);
    expect(lines).toHaveLength(101);
    expect(JSON.parse(lines[100] ?? "")).toMatchObject({ msg: "lines left out", left: { error: 4900 } });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(5000);
  });

  test.each(["start", "gate", "dashboard", "latchkey"])(
    "%s has it before any package that it imports",
    (program) => {
      const source = readFileSync(join(checkout, "dist", `${program}.js`), "utf8");
      expect(/^import\b.*$/m.exec(source)?.[0]).toBe('import "./output.js";');
    },
  );
});
