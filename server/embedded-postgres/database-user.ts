import { execFileSync, spawnSync } from "node:child_process";
import { isRoot } from "../data-directory";
import { StartError } from "../start-error";
import { tell } from "../terminal";

/** Whom PostgreSQL runs as: an empty object means the current user. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

const name = "postgres";

function idOf(flag: "-u" | "-g"): number | undefined {
  try {
    return Number(
      execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return undefined;
  }
}

function find(): RunAs | undefined {
  const uid = idOf("-u");
  const gid = idOf("-g");
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function create(): void {
  const flags = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
  const result = spawnSync("useradd", [...flags, name], { encoding: "utf8" });
  if (result.status === 0) return;
  throw new StartError(
    `PostgreSQL refuses to run as root, and a user "${name}" could not be made. ` +
      "Run Latchkey as an ordinary user, or set DATABASE_URL.",
  );
}

/**
 * The user for PostgreSQL, which refuses to run as root: then `postgres`, made when missing.
 *
 * @throws StartError when there is none and none can be made
 */
export function databaseUser(): RunAs {
  if (!isRoot()) return {};
  const known = find();
  if (known) return known;
  create();
  tell(`made the user "${name}", because PostgreSQL refuses to run as root.`);
  return find() ?? {};
}

/** True when that user can read the file, as the system itself judges it. */
export function canRead(user: RunAs, path: string): boolean {
  if (user.uid === undefined) return true;
  return spawnSync("/bin/sh", ["-c", 'test -r "$1"', "sh", path], { ...user, cwd: "/" }).status === 0;
}

/** True when that user can enter the folder. */
export function canEnter(user: RunAs, path: string): boolean {
  if (user.uid === undefined) return true;
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", path], { ...user, cwd: "/" }).status === 0;
}
