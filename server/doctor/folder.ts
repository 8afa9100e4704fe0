import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Finding, finding } from "@/lib/domain/doctor";
import { foreignOwner } from "../folders";
import { codeOf } from "../terminal";

/** The major version of the included PostgreSQL's data in a folder; undefined when there is none, or it may not be read. */
function dataVersion(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, "postgres", "PG_VERSION"), "utf8"), 10);
  } catch {
    return undefined;
  }
}

/** Whether the data directory can be used. `included`: the major version of PostgreSQL that this Latchkey brings. */
export function checkFolder(folder: string | null, included: number | undefined): Finding {
  if (folder === null) return finding("folder", "unused");
  try {
    if (!existsSync(folder)) return finding("folder", "missing", { path: folder });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EROFS") return finding("folder", "readOnly", { path: folder });
    const owner = foreignOwner(folder);
    if (owner === undefined) return finding("folder", "unusable", { path: folder, code });
    return finding("folder", "foreign", {
      path: folder,
      owner: String(owner),
      user: String(process.getuid?.()),
    });
  }
  const found = dataVersion(folder);
  if (found !== undefined && included !== undefined && found !== included)
    return finding("folder", "otherPostgres", { path: folder, found, included });
  return finding("folder", "usable", { path: folder });
}

/** Files that nobody else may read. */
const privateFiles = ["secret", "postgres-password"];

/** Whether others on this machine can read what they must not. */
export function checkRights(folder: string | null): Finding {
  if (folder === null || process.platform === "win32") return finding("rights", "unused");
  const modeOf = (path: string) => (statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777;
  const open = privateFiles
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path) && (modeOf(path) & 0o077) !== 0);
  // Entering is what the user that runs PostgreSQL needs, where Latchkey runs as root.
  if (existsSync(folder) && (modeOf(folder) & 0o066) !== 0) open.push(folder);
  return open.length > 0
    ? finding("rights", "open", { paths: open.join(", ") })
    : finding("rights", "private");
}

const little = 1024 ** 3;
const least = 200 * 1024 ** 2;

/** How much room is left where a folder is, or will be. */
export function checkDisk(folder: string): Finding {
  try {
    let there = folder;
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
    const { bavail, bsize } = statfsSync(there);
    const free = bavail * bsize;
    const outcome = free < least ? "full" : free < little ? "little" : "enough";
    return finding("disk", outcome, { path: there, free: Math.floor(free / 1024 ** 2) });
  } catch (error) {
    return finding("disk", "unread", { path: folder, code: codeOf(error) });
  }
}
