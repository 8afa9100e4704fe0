import { readdirSync, readFileSync } from "node:fs";

/** Text of a file of /proc, or an empty one when the process has just ended. */
export function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The fields of /proc/…/stat behind the name, which stands in parentheses and may hold spaces (proc(5)). */
export function statFields(pid: string): readonly string[] {
  return readProc(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
}

/**
 * The processes of a group: a server together with its workers.
 *
 * @returns null where there is no /proc
 */
export function processesOf(group: number): string[] | null {
  try {
    return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && Number(statFields(pid)[2]) === group);
  } catch {
    return null;
  }
}
