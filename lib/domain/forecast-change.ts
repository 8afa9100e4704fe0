import type { ActivationForecast } from "./caller-view";

/** What the dialog says that does not change with the time of day: who, why and how many. */
function told(forecast: ActivationForecast): string {
  const { callers, total, folded, quiet, dismissed, heard, readyInstances, unreadyInstances } = forecast;
  // Which few of many are named changes with every call.
  const named =
    total > callers.length ? [] : callers.map(({ id, verdict, lastToken }) => [id, verdict, lastToken]);
  const counts = [total, folded, quiet, dismissed, heard, readyInstances, unreadyInstances];
  return JSON.stringify([counts, named.sort()]);
}

/** Whether somebody who has read the one forecast would be told something else by the other. */
export function hasForecastChanged(read: ActivationForecast, now: ActivationForecast): boolean {
  return told(read) !== told(now);
}
