import { execFileSync } from "node:child_process";
import { readlinkSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "../start-error";
import { tell } from "../terminal";
import { isAlive, waitUntil } from "../wait";
import { readPostmasterFile } from "./postmaster-file";

/** True when the process is a PostgreSQL that works in this folder, not another one with a reused id. */
function isServerOf(cluster: string, pid: number): boolean {
  try {
    if (process.platform === "linux") return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster);
    if (process.platform === "win32") return true;
    return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).includes("postgres");
  } catch {
    return false;
  }
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself, or the next look says that it did not.
  }
  return waitUntil(() => !isAlive(pid), { withinMs });
}

/**
 * Stops a server that an earlier Latchkey left behind when it was killed, and removes a
 * `postmaster.pid` whose process is another program by now. Call it only with the data directory locked.
 *
 * @throws StartError when such a server does not stop
 */
export async function stopLeftover(cluster: string): Promise<void> {
  const file = readPostmasterFile(cluster);
  if (!file || !isAlive(file.pid)) return;
  if (!isServerOf(cluster, file.pid)) {
    rmSync(join(cluster, "postmaster.pid"), { force: true });
    return;
  }
  tell("stopping a PostgreSQL that an earlier run left behind.");
  if (await signalAndWait(file.pid, "SIGINT", 10_000)) return;
  if (await signalAndWait(file.pid, "SIGQUIT", 10_000)) return;
  throw new StartError(
    `a PostgreSQL from an earlier run (process ${file.pid}) does not stop: kill it and try again.`,
  );
}
