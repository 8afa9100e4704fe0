import { processesOf, readProc } from "./group";

function residentKib(pid: string): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0);
}

/**
 * Resident memory of a process group, in MB (10^6 bytes): a server together with its workers.
 *
 * @returns null where there is no /proc
 */
export function residentMb(group: number): number | null {
  const kib = (processesOf(group) ?? []).reduce((sum, pid) => sum + residentKib(pid), 0);
  return kib === 0 ? null : (kib * 1024) / 1e6;
}
