import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { type CpuInfo, cpus, release, totalmem, type } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { checkout } from "@/server/folders";
import { BenchError } from "./options";

/** CPU lists as taskset(1) takes them; null: nothing can be pinned here. */
export interface Cores {
  /** The one core of whatever is measured. */
  readonly server: string | null;
  /** All others: load, upstream, database and this program. */
  readonly load: string | null;
}

/** Reads a Linux CPU list such as `0-2,5`. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(",")
    .filter(Boolean)
    .flatMap((part) => {
      const [first = 0, last = first] = part.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

function allowedCpus(): number[] {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return parseCpuList(/^Cpus_allowed_list:\s*(.+)$/m.exec(status)?.[1] ?? "");
  } catch {
    return [];
  }
}

/** Gives the first core to the server and the rest to everything else, where taskset and two cores exist. */
export function findCores(): Cores {
  const [server, ...load] = allowedCpus();
  const usable = load.length > 0 && spawnSync("taskset", ["--version"]).status === 0;
  if (server === undefined || !usable) return { server: null, load: null };
  return { server: String(server), load: load.join(",") };
}

/** Moves this process and all its threads to the cores of the load; children inherit that. */
export function leaveServerCore(cores: Cores): void {
  if (cores.load !== null) spawnSync("taskset", ["-acp", cores.load, String(process.pid)]);
}

/** Puts a command on its cores. taskset replaces itself by the command, so the pid stays. */
export function pinned(cpus: string | null, command: string, args: readonly string[]): [string, string[]] {
  return cpus === null ? [command, [...args]] : ["taskset", ["-c", cpus, command, ...args]];
}

/** What the figures were measured on. Nothing here names the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** That of the gate and of the bare undici proxy. */
  readonly undici: string;
  /** False where servers and load had to share cores. */
  readonly pinned: boolean;
}

/** Describes this machine. */
export function describeMachine(cores: Cores): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() || "unknown CPU",
    cores: all.length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${/^\d+(\.\d+)*/.exec(release())?.[0] ?? ""}`.trim(),
    node: process.version,
    undici: packageVersion("undici"),
    pinned: cores.server !== null,
  };
}

const lookMs = 1000;

/** Milliseconds that processors have worked since the machine began; idling and waiting for a disk are no work. */
export function workedMs(all: readonly Pick<CpuInfo, "times">[]): number {
  return all.reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0);
}

/**
 * How many cores other programs keep busy, by a look of a second in which this one sleeps. The load average
 * would not do: it counts programs that wait for a disk, which take no processor from anybody.
 */
export async function coresOfOthers(): Promise<number> {
  const [before, start] = [workedMs(cpus()), performance.now()];
  await delay(lookMs);
  return (workedMs(cpus()) - before) / (performance.now() - start);
}

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

const number = /\d+\.\d+(?:\.\d+)?/;

/** The version that a program prints when asked with that flag, or an empty text. */
export function programVersion(program: string, flag: string): string {
  const { stdout, stderr } = spawnSync(program, [flag], { encoding: "utf8", timeout: 10_000 });
  return number.exec(`${stdout ?? ""}\n${stderr ?? ""}`)?.[0] ?? "";
}

/** The version of an npm package that is installed in a folder, or an empty text. */
export function packageVersion(name: string, folder: string = checkout): string {
  const text = readFileSync(join(folder, "node_modules", name, "package.json"), "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "";
}
