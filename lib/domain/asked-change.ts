import type { ActivationForecast } from "./caller-view";
import { canChange, type TokenChange } from "./enforcement";
import type { SecurityTokenView } from "./security-token";

/**
 * What has become of a question about a token that was asked while the token went on changing: it `stands`; it is
 * about another state now and has to be `renewed`; or it is `over`.
 */
export type AskedFate = "stands" | "renewed" | "over";

/**
 * Whether a change may still be confirmed that was asked about when the token was as `seen`. With another token, or
 * another rotation, what the question says of callers is untrue. Deactivating is a brake and is meant whatever
 * the token is, so that question goes on with the newer state.
 */
export function fateOfAsked(change: TokenChange, seen: SecurityTokenView, now: SecurityTokenView): AskedFate {
  const rotating = now.retiring !== null;
  if (!canChange(now.status, change, rotating)) return "over";
  if (seen.tokenId === now.tokenId && seen.retiring?.id === now.retiring?.id) return "stands";
  return change === "deactivate" ? "renewed" : "over";
}

/** What the dialog says that does not change with the time of day: who, why and how many. */
function told(forecast: ActivationForecast): string {
  const { callers, total, others, unproven, unchecked, dismissed, heard, ...instances } = forecast;
  // Which few of many are named changes with every call.
  const named =
    total > callers.length ? [] : callers.map(({ id, verdict, lastToken }) => [id, verdict, lastToken]);
  const silent =
    unproven.total > unproven.callers.length
      ? []
      : unproven.callers.map(({ id, lastToken }) => [id, lastToken]);
  const { readyInstances, unreadyInstances } = instances;
  const counts = [total, others, unproven.total, unproven.others, unchecked, dismissed, heard];
  return JSON.stringify([counts, readyInstances, unreadyInstances, named.sort(), silent.sort()]);
}

/** Whether somebody who has read the one forecast would be told something else by the other. */
export function hasForecastChanged(read: ActivationForecast, now: ActivationForecast): boolean {
  return told(read) !== told(now);
}
