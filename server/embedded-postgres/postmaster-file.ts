import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a running server writes into `postmaster.pid` of its folder. */
export interface PostmasterFile {
  readonly pid: number;
  /** True once it accepts connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when there is none or it is being written. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, ready: lines[7]?.trim() === "ready" } : undefined;
  } catch {
    return undefined;
  }
}
