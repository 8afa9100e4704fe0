import { processesOf, statFields } from "./group";

/** The kernel reports processor time in hundredths of a second to every program (USER_HZ, proc(5)). */
const microsPerTick = 10_000;

/**
 * Processor time that a process group has used, in microseconds: a server together with its workers.
 *
 * @returns null where there is no /proc
 */
export function processorMicros(group: number): number | null {
  const pids = processesOf(group);
  if (pids === null || pids.length === 0) return null;
  const ticks = pids.map((pid) => {
    const fields = statFields(pid);
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * microsPerTick;
}
