import type { ActivationForecast } from "./caller-view";

/** What the dialog says that does not change with the time of day: who, why and how many. */
function told(forecast: ActivationForecast): string {
  const { callers, total, folded, unproven, unchecked, dismissed, heard, ...instances } = forecast;
  // Which few of many are named changes with every call.
  const named =
    total > callers.length ? [] : callers.map(({ id, verdict, lastToken }) => [id, verdict, lastToken]);
  const silent =
    unproven.total > unproven.callers.length
      ? []
      : unproven.callers.map(({ id, lastToken }) => [id, lastToken]);
  const { readyInstances, unreadyInstances } = instances;
  const counts = [total, folded, unproven.total, unproven.folded, unchecked, dismissed, heard];
  return JSON.stringify([counts, readyInstances, unreadyInstances, named.sort(), silent.sort()]);
}

/** Whether somebody who has read the one forecast would be told something else by the other. */
export function hasForecastChanged(read: ActivationForecast, now: ActivationForecast): boolean {
  return told(read) !== told(now);
}
