import type { Bench } from "../bench";
import { type LoadedGates, onFourGates } from "./four-gates";
import { type SwitchTimes, timeSwitches } from "./switches";

/** How soon a change is on every gate. */
export interface PropagationResult extends SwitchTimes, LoadedGates {
  readonly changes: number;
}

/** Times changes from their commit to the last of four gates under load. */
export async function measurePropagation(bench: Bench): Promise<PropagationResult> {
  const times = await onFourGates(bench, (client, ports) => timeSwitches(bench, client, ports));
  return { ...times, changes: bench.settings.changes };
}
