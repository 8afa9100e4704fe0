import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

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
