import type { ActivationForecast } from "@/lib/domain/caller-view";
import { covers } from "@/lib/domain/enforcement";
import { breaks, isDismissed } from "@/lib/domain/preflight";
import { isCovered, type JudgedCallers } from "./judge-callers";

/** Callers that the confirming dialog names; the rest is counted. */
const named = 5;

/** What activating would do beyond what is so already. */
export function forecast(
  { judged, enforcement }: JudgedCallers,
  instances: readonly { readonly enforced: boolean; readonly _count: number }[],
): ActivationForecast {
  const open = judged.filter(({ caller }) => !isDismissed(caller) && !isCovered(caller, enforcement));
  const breaking = open.filter(({ verdict }) => breaks(verdict));
  const own = breaking.filter(({ caller }) => !caller.others);
  const openInstances = instances
    .filter(({ enforced }) => !covers(enforcement, enforced))
    .reduce((all, { _count }) => all + _count, 0);
  const unreadyInstances = new Set(breaking.map(({ caller }) => caller.instanceId)).size;
  return {
    callers: own.slice(0, named).map(({ caller, verdict }) => {
      const { id, name, agent, address, others, instanceName, lastToken, notLiveAt } = caller;
      return { id, name, agent, address, others, instanceName, lastToken, notLiveAt, verdict };
    }),
    total: own.length,
    folded: breaking.length - own.length,
    quiet: open.filter(({ caller, verdict }) => verdict === "quiet" && !caller.others).length,
    heard: judged.some(({ verdict }) => verdict !== "quiet"),
    readyInstances: openInstances - unreadyInstances,
    unreadyInstances,
  };
}
