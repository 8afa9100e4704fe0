import { type CpuInfo, cpus } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

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
