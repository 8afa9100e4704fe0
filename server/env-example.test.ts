import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "@/lib/config";
import { checkout } from "./checkout";

const example = readFileSync(join(checkout, ".env.example"), "utf8");
const shown = [...example.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);

it(".env.example names every setting once, with values that work", () => {
  const source = readFileSync(join(checkout, "lib", "config.ts"), "utf8");
  const settings = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  expect(settings.length).toBeGreaterThan(10);
  expect(shown.map(([name]) => name).sort()).toEqual(settings.sort());
  expect(() => parseConfig(Object.fromEntries(shown))).not.toThrow();
});
