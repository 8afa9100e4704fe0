import { type Explanation, exceptions, explanations } from "./promises";
import type { Tally } from "./simulate";

const share = (some: number, all: number) => `${((100 * some) / Math.max(all, 1)).toFixed(3)} %`;

/** What came of many worlds, in words. */
export function tallyText(tally: Tally, seeds: string): string {
  const { worlds, calls, activations, blue, paths, ready, blocking, violated } = tally;
  const line = (why: Explanation) => {
    const callers = tally.explained[why] ?? 0;
    return `  ${String(callers).padStart(8)}  ${share(callers, activations).padStart(9)}  ${why}`;
  };
  return [
    `simulated ${worlds} worlds (seeds ${seeds}) with ${calls} calls: ${activations} activations, ${blue} of them without asking`,
    `  by path: ${JSON.stringify(paths)}; callers on what was enforced: ${ready} ready, ${blocking} not`,
    `callers seen before that were rejected afterwards, and for how many in a hundred activations:`,
    ...explanations.filter((why) => !exceptions.includes(why)).map(line),
    "of these Latchkey does not warn (docs/decisions/0034-simulation.md):",
    ...exceptions.map(line),
    ...tally.violations.map(({ seed, promise, text }) => `  seed ${seed}: ${promise}: ${text}`),
    `${activations} activations, ${violated} violations`,
  ].join("\n");
}
