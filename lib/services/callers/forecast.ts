import type { ActivationForecast } from "@/lib/domain/caller-view";
import { covers } from "@/lib/domain/enforcement";
import { breaks, isDismissed } from "@/lib/domain/preflight";
import { isCovered, type JudgedCallers } from "./judge-callers";

/** Callers that the confirming dialog names; the rest is counted. */
const named = 5;

/** Callers on instances that do not demand the token yet, and of these the ones that were not called gone. */
function openCallers({ judged, enforcement }: JudgedCallers) {
  const all = judged.filter(({ caller }) => !isCovered(caller, enforcement));
  return { all, open: all.filter(({ caller }) => !isDismissed(caller)) };
}

/** Whether activating would reject a caller that gets through now. */
export function breaksSomebody(judgedCallers: JudgedCallers): boolean {
  return openCallers(judgedCallers).open.some(({ verdict }) => breaks(verdict));
}

/** What activating would do beyond what is so already. */
export function forecast(
  judgedCallers: JudgedCallers,
  instances: readonly { readonly enforced: boolean; readonly _count: number }[],
  readyNames: readonly string[],
): ActivationForecast {
  const { judged, enforcement } = judgedCallers;
  const { all, open } = openCallers(judgedCallers);
  const breaking = open.filter(({ verdict }) => breaks(verdict));
  const own = breaking.filter(({ caller }) => !caller.others);
  const openInstances = instances
    .filter(({ enforced }) => !covers(enforcement, enforced))
    .reduce((sum, { _count }) => sum + _count, 0);
  const unreadyInstances = new Set(breaking.map(({ caller }) => caller.instanceId)).size;
  return {
    callers: own.slice(0, named).map(({ caller, verdict }) => {
      const { id, name, agent, address, others, instanceName, lastToken, notLiveAt } = caller;
      return { id, name, agent, address, others, instanceName, lastToken, notLiveAt, verdict };
    }),
    total: own.length,
    folded: breaking.length - own.length,
    quiet: open.filter(({ caller, verdict }) => verdict === "quiet" && !caller.others).length,
    dismissed: all.filter(({ verdict }) => breaks(verdict)).length - breaking.length,
    heard: judged.some(({ caller, verdict }) => verdict !== "quiet" && !isDismissed(caller)),
    readyInstances: openInstances - unreadyInstances,
    unreadyInstances,
    readyNames,
  };
}
