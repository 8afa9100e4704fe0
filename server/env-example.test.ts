import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "@/lib/config";
import { checkout } from "./folders";

const example = readFileSync(join(checkout, ".env.example"), "utf8");
const shown = [...example.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);

it(".env.example names every setting once, with values that work", () => {
  const folder = join(checkout, "lib", "config");
  const files = [`${folder}.ts`, ...readdirSync(folder).map((name) => join(folder, name))];
  const source = files.map((file) => readFileSync(file, "utf8")).join("");
  const settings = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  expect(settings.length).toBeGreaterThan(10);
  expect(shown.map(([name]) => name).sort()).toEqual(settings.sort());
  expect(() => parseConfig(Object.fromEntries(shown))).not.toThrow();
});
