import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SetupError } from "./steps.mjs";

/** When a process began, in the system's own words, so that a reused id is told from the old process. */
function birth(pid) {
  try {
    if (process.platform === "linux") {
      // proc(5): the 22nd field; the 2nd may hold spaces and ends with the last parenthesis.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return fields[0] === "Z" ? "" : (fields[19] ?? "");
    }
    if (process.platform === "win32") return "";
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
  } catch {
    return "";
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** A file's text, or undefined where it is not, or no longer, there. */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** A text that names this process and no later one with the same id. */
function ownName() {
  return `${process.pid}\n${birth(process.pid)}\n`;
}

/** The living process that such a text names, or undefined. */
function holderOf(text) {
  const [pid, born] = text?.split("\n") ?? [];
  const id = Number(pid);
  if (!Number.isInteger(id) || id <= 0 || !isAlive(id)) return undefined;
  return birth(id) === born ? id : undefined;
}

/**
 * Takes a lock that ends with this process, however it ends.
 *
 * @returns `{held: true, release}`, or `{held: false, pid}` with the process that has it
 */
export function takeLock(path) {
  mkdirSync(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  const text = ownName();
  try {
    writeFileSync(mine, text, { mode: 0o600 });
    for (;;) {
      try {
        linkSync(mine, path);
        return { held: true, release: () => read(path) === text && rmSync(path, { force: true }) };
      } catch (error) {
        if (error.code !== "EEXIST") throw error;
      }
      const found = read(path);
      const pid = holderOf(found);
      if (pid !== undefined) return { held: false, pid };
      setAside(path, found);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes a stale lock, but not one that another process took in the meantime. */
function setAside(path, stale) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  try {
    if (read(aside) !== stale) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Notes in a folder that this process runs from what is built, until it ends, however it ends. A folder that
 * cannot be written is left as it is: nobody builds there either.
 *
 * @param command what the user called it by
 */
export function markInUse(folder, command) {
  const path = join(folder, String(process.pid));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, `${ownName()}${command}\n`, { mode: 0o600 });
  } catch (error) {
    if (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM") return;
    throw error;
  }
  process.once("exit", () => rmSync(path, { force: true }));
}

/**
 * Makes sure that nobody runs from what is about to be replaced. Notes of dead processes are removed.
 *
 * @throws SetupError that names a living process noted in the folder
 */
export function refuseWhileInUse(folder) {
  for (const name of entriesOf(folder)) {
    const path = join(folder, name);
    // A program that ends right now takes its note with it.
    const text = read(path);
    const pid = holderOf(text);
    if (pid === undefined) rmSync(path, { force: true });
    else throw new SetupError(inUse(text.split("\n")[2], pid));
  }
}

function inUse(command, pid) {
  return (
    `Latchkey's "${command}" (process ${pid}) runs from this folder, which has changed since. Setting it up anew would ` +
    "take away what that still reads: stop it first, or use a second clone."
  );
}

function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}
