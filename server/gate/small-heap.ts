import { setFlagsFromString } from "node:v8";

/**
 * How a process of a gate is started: with little room, in MiB, for what was made last. Of a request nearly
 * nothing outlives its answer, so more room is not needed, and the engine would take 48 MiB.
 */
export const gateFlags: readonly string[] = ["--max-semi-space-size=4"];

/**
 * By default the engine lets a heap grow to several times what is alive before it looks for what is not. A
 * gate that holds a hundred thousand policies would take half a gigabyte of mostly nothing; so it is looked
 * for when a fifth has been added, a few times a minute.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=20");
}
