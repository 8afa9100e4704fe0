import { cpus, release, totalmem, type } from "node:os";
import type { Cores } from "./cores";

/** What the figures were measured on. Nothing here names the machine. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
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
    pinned: cores.server !== null,
  };
}
