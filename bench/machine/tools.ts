import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { BenchError } from "../bench-error";

/** Programs that come from the system, by the name of their Debian package. */
export type Tool = "wrk" | "nginx" | "haproxy" | "caddy";

// Where Debian keeps servers, which an ordinary user's PATH does not name.
const alsoIn = ["/usr/local/sbin", "/usr/sbin", "/opt/homebrew/bin"];

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find(tool: Tool): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), ...alsoIn];
  return folders.map((folder) => join(folder, tool)).find(isProgram);
}

function aptGet(...args: string[]): void {
  // The runlevel keeps Debian from starting the servers that it installs.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  spawnSync("/usr/bin/apt-get", args, { env, stdio: "ignore", timeout: 180_000 });
}

/**
 * Finds a program, or as root on Debian installs it.
 *
 * @returns its path
 * @throws BenchError that says what to install
 */
export function requireTool(tool: Tool): string {
  const known = find(tool);
  if (known !== undefined) return known;
  if (process.getuid?.() === 0 && isProgram("/usr/bin/apt-get")) {
    aptGet("update");
    aptGet("install", "-y", "--no-install-recommends", tool);
    const installed = find(tool);
    if (installed !== undefined) return installed;
  }
  throw new BenchError(`${tool} is not installed. Install it (on Debian: apt-get install ${tool}).`);
}
