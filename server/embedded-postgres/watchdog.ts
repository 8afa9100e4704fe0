import { type ChildProcess, spawn } from "node:child_process";
import type { RunAs } from "./database-user";

// Waits for the end of its input, which comes when Latchkey ends in whatever way, kill -9 included. It
// stops the server only while postmaster.pid still names it: an id may have been reused.
const script = `
trap '' HUP INT TERM
read -r _
read -r pid < "$2/postmaster.pid" && [ "$pid" = "$1" ] && kill -INT "$1"
`;

/**
 * Starts a tiny process that stops the server when this process is gone. None on Windows, where the
 * next start stops it.
 */
export function watchOver(pid: number, cluster: string, user: RunAs): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const child = spawn("/bin/sh", ["-c", script, "latchkey-watchdog", String(pid), cluster], {
    ...user,
    cwd: cluster,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  child.unref();
  return child;
}
