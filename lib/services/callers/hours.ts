import type { CallerHourRow } from "@/lib/db/callers";
import { hourMs, hourOf } from "@/lib/domain/caller-sums";
import type { CallerHourView } from "@/lib/domain/caller-view";

const hoursShown = 24;

/** A caller's last 24 hours, oldest first, those without requests too. */
export function hoursOf(callerId: string, rows: readonly CallerHourRow[], now: Date): CallerHourView[] {
  const own = rows.filter((row) => row.callerId === callerId);
  const found = new Map(own.map((row) => [row.hour.getTime(), row]));
  const last = hourOf(now.getTime());
  return Array.from({ length: hoursShown }, (_, index) => {
    const start = last - (hoursShown - 1 - index) * hourMs;
    const { live = 0, other = 0 } = found.get(start) ?? {};
    return { start: new Date(start), live, other };
  });
}
