import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = process.cwd();
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** How many requirements of levels 1 and 2 ASVS 5.0 has in each section, and their numbers. */
const required = [
  ["6.1", "1 2 3"],
  ["6.2", "1 2 3 4 5 6 7 8 9 10 11 12"],
  ["6.3", "1 2 3 4"],
  ["6.4", "1 2 3 4"],
  ["6.5", "1 2 3 4 5"],
  ["6.6", "1 2 3"],
  ["6.8", "1 2 3 4"],
  ["7.1", "1 2 3"],
  ["7.2", "1 2 3 4"],
  ["7.3", "1 2"],
  ["7.4", "1 2 3 4 5"],
  ["7.5", "1 2"],
  ["7.6", "1 2"],
  ["8.1", "1 2"],
  ["8.2", "1 2 3"],
  ["8.3", "1"],
  ["8.4", "1"],
  ["16.1", "1"],
  ["16.2", "1 2 3 4 5"],
  ["16.3", "1 2 3 4"],
  ["16.4", "1 2 3"],
  ["16.5", "1 2 3"],
].flatMap(([section, numbers = ""]) => numbers.split(" ").map((number) => `${section}.${number}`));

/** A test as these documents name it: its file, and a part of what it is called there. */
const named = /`([\w./()[\]-]+\.(?:test|spec)\.tsx?)`(?: › ([^|<\n]+))?/g;

test("docs/security/dashboard.md has every requirement of ASVS 5.0 level 2 for V6, V7, V8 and V16, once and with an answer", () => {
  const rows = read("docs/security/dashboard.md").matchAll(
    /^\| (\d+\.\d+\.\d+) \(L[12]\) \| [^|]+ \| ([^|]+) \|/gm,
  );
  const answers = [...rows].map(([, number, met = ""]) => [number, met.trim()]);
  expect(answers.map(([number]) => number)).toEqual(required);
  for (const [, met] of answers)
    expect(met).toMatch(
      /^(?:yes(?:, with `[A-Z_]+(?:=true)?`|, set up as in \[\w+\]\([\w./-]+\.md\))?|partly|no|n\/a)$/,
    );
});

test.each(["docs/security/dashboard.md", "docs/security/threat-model.md"])(
  "every test that %s names is there",
  (path) => {
    const tests = [...read(path).matchAll(named)];
    expect(tests.length).toBeGreaterThan(10);
    const missing = tests.filter(([, file = "", name]) => {
      if (!existsSync(join(root, file))) return true;
      return name !== undefined && !read(file).includes(name.trim());
    });
    expect(missing.map(([all]) => all)).toEqual([]);
  },
);
