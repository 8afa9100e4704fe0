import type { ActivationForecast } from "@/lib/domain/caller-view";
import { covers } from "@/lib/domain/enforcement";
import { blocks, breaks, isDismissed } from "@/lib/domain/preflight";
import { isCovered, type JudgedCallers } from "./judge-callers";

/** Callers that the confirming dialog names; the rest is counted. */
const named = 5;

/**
 * Callers on instances that do not demand the token yet, or on one of these, and of them the ones that were not called
 * gone.
 */
function openCallers({ judged, enforcement }: JudgedCallers, instanceId: string | null = null) {
  const isAsked = (id: string) => instanceId === null || id === instanceId;
  const all = judged.filter(({ caller }) => isAsked(caller.instanceId) && !isCovered(caller, enforcement));
  return { all, open: all.filter(({ caller }) => !isDismissed(caller)) };
}

/**
 * Whether activating everywhere, or on one instance, would reject a caller that gets through now, or may, since it was
 * not heard since.
 */
export function mayBreakSomebody(judgedCallers: JudgedCallers, instanceId: string | null = null): boolean {
  return openCallers(judgedCallers, instanceId).open.some(blocks);
}

/** Those that worked and were not heard since, by name as far as there are few. */
function unprovenOf(
  open: JudgedCallers["judged"],
  requests: ReadonlyMap<string, number>,
): ActivationForecast["unproven"] {
  const unproven = open.filter((each) => each.unproven).map(({ caller }) => caller);
  const own = unproven.filter(({ others }) => !others);
  return {
    callers: own.slice(0, named).map((caller) => {
      const { id, name, agent, address, others, instanceName, lastToken, lastSeenAt } = caller;
      const calls = requests.get(id) ?? 0;
      return { id, name, agent, address, others, instanceName, lastToken, lastSeenAt, requests: calls };
    }),
    total: own.length,
    folded: unproven.length - own.length,
  };
}

/**
 * What activating would do beyond what is so already.
 *
 * @param requests how many each caller made in the last 24 hours
 * @param instanceId the only instance that is to be activated; null for all of them
 */
export function forecast(
  judgedCallers: JudgedCallers,
  instances: readonly { readonly enforced: boolean; readonly _count: number }[],
  readyNames: readonly string[],
  requests: ReadonlyMap<string, number>,
  instanceId: string | null = null,
): ActivationForecast {
  const { judged, enforcement } = judgedCallers;
  const { all, open } = openCallers(judgedCallers, instanceId);
  const breaking = open.filter(({ verdict }) => breaks(verdict));
  const own = breaking.filter(({ caller }) => !caller.others);
  const openInstances = instances
    .filter(({ enforced }) => !covers(enforcement, enforced))
    .reduce((sum, { _count }) => sum + _count, 0);
  const unreadyInstances = new Set(open.filter(blocks).map(({ caller }) => caller.instanceId)).size;
  return {
    callers: own.slice(0, named).map(({ caller, verdict }) => {
      const { id, name, agent, address, others, instanceName, lastToken, notLiveAt } = caller;
      return { id, name, agent, address, others, instanceName, lastToken, notLiveAt, verdict };
    }),
    total: own.length,
    folded: breaking.length - own.length,
    unproven: unprovenOf(open, requests),
    unchecked: open.filter(
      ({ caller, verdict, unproven }) => verdict === "quiet" && !unproven && !caller.others,
    ).length,
    dismissed: all.filter(blocks).length - open.filter(blocks).length,
    heard: judged.some(({ caller, verdict }) => verdict !== "quiet" && !isDismissed(caller)),
    readyInstances: openInstances - unreadyInstances,
    unreadyInstances,
    readyNames,
  };
}
