import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { checkout } from "@/server/folders";
import { StartError } from "@/server/terminal";

/** The suites that run single files. Those of chaos and of containers run only when they are asked for. */
export type SuiteName = "unit" | "db" | "http" | "process" | "e2e" | "chaos" | "deploy";

/** The suite that a file of tests belongs to, by its name; undefined for any other file. */
export function suiteOf(file: string): SuiteName | undefined {
  if (/^e2e\/.*\.spec\.ts$/.test(file)) return "e2e";
  const [, kind] = /\.(db\.|http\.|process\.|chaos\.|deploy\.)?test\.tsx?$/.exec(file) ?? [null, null];
  if (kind === null) return undefined;
  return kind === undefined ? "unit" : (kind.slice(0, -1) as SuiteName);
}

/** True for what takes too long for every run: `npm run chaos`. */
export function isChaos(file: string): boolean {
  return /\.chaos\.test\.ts$|\.long\.spec\.ts$/.test(file);
}

/** True for what needs containers: `npm run test:deploy`. */
export function isDeploy(file: string): boolean {
  return suiteOf(file) === "deploy";
}

/**
 * The files of tests to run, by suite. A filter is a part of a file's path, as in Vitest and Playwright.
 *
 * @throws StartError naming a filter that no file of tests matches, so that a slip does not pass as a success
 */
export function select(
  files: readonly string[],
  filters: readonly string[],
): ReadonlyMap<SuiteName, readonly string[]> {
  const selected = new Map<SuiteName, string[]>();
  const tests = files.filter((file) => suiteOf(file));
  for (const filter of filters) {
    if (!tests.some((file) => file.includes(filter)))
      throw new StartError(`no file of tests matches ${filter}.`);
  }
  for (const file of tests) {
    const suite = suiteOf(file);
    if (!suite || !filters.some((filter) => file.includes(filter))) continue;
    selected.set(suite, [...(selected.get(suite) ?? []), file]);
  }
  return selected;
}

const folders = ["app", "bench", "components", "e2e", "lib", "server", "test"];

/** Every file that could hold tests, as paths from the checkout with forward slashes. */
export function testFiles(): string[] {
  const beside = readdirSync(checkout).filter((name) => /\.tsx?$/.test(name));
  const inside = folders.flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, encoding: "utf8" }).map(
      (name) => `${folder}/${name.split(sep).join("/")}`,
    ),
  );
  return [...beside, ...inside.filter((file) => !file.includes("/node_modules/"))].sort();
}
