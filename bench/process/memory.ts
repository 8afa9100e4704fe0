import { readdirSync, readFileSync } from "node:fs";

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function groupOf(pid: string): number {
  // The name in parentheses may hold spaces; state, parent and group follow it (proc(5)).
  const fields = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ");
  return Number(fields?.[2]);
}

function residentKib(pid: string): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/**
 * Resident memory of a process group, in MB (10^6 bytes): a server together with its workers.
 *
 * @returns null where there is no /proc
 */
export function residentMb(group: number): number | null {
  let kib = 0;
  try {
    for (const pid of readdirSync("/proc")) {
      if (/^\d+$/.test(pid) && groupOf(pid) === group) kib += residentKib(pid);
    }
  } catch {
    return null;
  }
  return kib === 0 ? null : (kib * 1024) / 1e6;
}
