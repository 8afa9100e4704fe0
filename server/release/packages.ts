import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const names = z.record(z.string(), z.string()).default({});
const lockEntry = z.object({
  version: z.string(),
  license: z.string().optional(),
  dev: z.boolean().default(false),
  optional: z.boolean().default(false),
  dependencies: names,
  optionalDependencies: names,
});
const lockFile = z.object({ packages: z.record(z.string(), z.unknown()) });

/** A package that package-lock.json names. */
export interface LockedPackage extends z.output<typeof lockEntry> {
  /** Where it is installed, such as `node_modules/pg`. */
  readonly path: string;
  readonly name: string;
}

/**
 * Every package that is not for those alone who change Latchkey, in the order of the lock file. npm counts what a package
 * wants beside itself (peers) among them, also where nothing of it is loaded.
 */
export function productionPackages(root: string): readonly LockedPackage[] {
  const { packages } = lockFile.parse(JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")));
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, entry]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return { ...lockEntry.parse(entry), path, name };
    })
    .filter(({ dev }) => !dev);
}

/** Pages show no resized images: image.mjs leaves the library that resizes them out. */
const leftOut = /^(?:sharp$|@img\/)/;

/** The packages that `package.json` asks for and what those need, by where npm puts them; optional ones are not followed. */
function needed(root: string, all: readonly LockedPackage[]): ReadonlySet<string> {
  const byPath = new Map(all.map((each) => [each.path, each]));
  const manifest = z.object({ dependencies: names }).parse(readJson(join(root, "package.json")));
  const found = new Set<string>();
  const waiting = Object.keys(manifest.dependencies).map((name) => ({ name, from: "" }));
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const path = resolve(next.from, next.name, byPath);
    const entry = path === undefined ? undefined : byPath.get(path);
    if (!entry || found.has(entry.path)) continue;
    found.add(entry.path);
    waiting.push(...Object.keys(entry.dependencies).map((name) => ({ name, from: entry.path })));
  }
  return found;
}

/** Where Node.js would find a package that another one asks for. */
function resolve(from: string, name: string, known: ReadonlyMap<string, LockedPackage>): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = `${folder && `${folder}/`}node_modules/${name}`;
    if (known.has(path)) return path;
    if (folder === "") return undefined;
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * Of all production packages those that a release has: what is laid out as files, and what may be compiled into pages and
 * programs. The latter cannot be told file by file, so all that our own packages need counts.
 *
 * @param layouts the folders whose contents are released
 */
export function releasedPackages(root: string, layouts: readonly string[]): readonly LockedPackage[] {
  const all = productionPackages(root);
  const may = needed(root, all);
  return all.filter(
    ({ path, name, optional }) =>
      !leftOut.test(name) &&
      (layouts.some((layout) => existsSync(join(layout, path))) || (may.has(path) && !optional)),
  );
}
