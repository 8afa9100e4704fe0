import type { CallerRow } from "@/lib/db/callers";
import { breaks, expectCalls, isSetAside, type Judged } from "@/lib/domain/preflight";
import type { CallerTable } from "./caller-table";

const counts = ({ caller }: Judged<CallerRow>) => !caller.others && !isSetAside(caller);

/** Says of the callers that break that they do not belong here. @returns their keys */
export function leaveOutBreaking(
  table: CallerTable,
  judged: readonly Judged<CallerRow>[],
  now: Date,
): string[] {
  const breaking = judged.filter((each) => counts(each) && breaks(each.verdict));
  for (const { caller } of breaking) table.leftOutAt.set(caller.id, now.getTime());
  return breaking.map(({ caller }) => caller.id);
}

/** Says of the callers that are overdue, or of all that are waited for, that they are gone. @returns their keys */
export function dismissWaitedFor(
  table: CallerTable,
  judged: readonly Judged<CallerRow>[],
  whom: "overdue" | "silent",
  now: Date,
): string[] {
  const expected = expectCalls(judged, ({ id }) => table.rhythmOf(id), now);
  const meant = expected.filter(
    (each) => counts(each) && (whom === "overdue" ? each.verdict === "overdue" : each.unproven),
  );
  for (const { caller } of meant) table.dismissedAt.set(caller.id, caller.lastSeenAt.getTime());
  return meant.map(({ caller }) => caller.id);
}
