import { type CallerFacts, isDismissed, type Judged } from "./preflight";

/**
 * How many quiet callers did call since their calls would tell something, but were refused before anyone looked at
 * the token: the instance was paused, or their address not allowed.
 */
export function countUnchecked(judged: readonly Judged<CallerFacts>[], since: Date): number {
  const unchecked = ({ caller, verdict }: Judged<CallerFacts>) =>
    verdict === "quiet" && caller.lastToken === "none" && caller.lastSeenAt >= since;
  return judged.filter((each) => unchecked(each) && !each.caller.others && !isDismissed(each.caller)).length;
}
