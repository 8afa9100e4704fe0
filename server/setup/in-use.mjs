import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { holderOf, ownName, read } from "./process-lock.mjs";
import { SetupError } from "./say.mjs";

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
