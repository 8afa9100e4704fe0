import type { CallerRow } from "@/lib/db/callers";
import { recentMs } from "@/lib/domain/preflight";
import type { Explanation } from "./promises";
import type { Program, Sent } from "./world";

/** A request that an identity (instance, address and program) was heard with. */
export interface Heard {
  readonly at: number;
  /** The same by the gate's clock, as it is written. */
  readonly seenAt: number;
  readonly program: Program;
  readonly sent: Sent;
  /** Whether it was let in, and whether a gate looked at what was sent. */
  readonly passed: boolean;
  readonly looked: boolean;
  /** Whether the gate called it live; one that has not heard of a new token, or of an old one's end, is mistaken. */
  readonly calledLive: boolean;
  /** Whether the gate may have heard of changes late: announcements to it were lost, or it was cut off. */
  readonly late: boolean;
  /** When the database had it; never, when its gate was killed before. */
  writtenAt: number;
}

/** What comes to two gates within this time may by their clocks have come in the other order. */
export const clocksMs = 200;

/** What is known of a caller that lapsed before the click. */
interface Lapsed {
  readonly row: Pick<CallerRow, "firstSeenAt">;
  /** What was written of it by then. */
  readonly known: readonly Heard[];
  /** Since when the tokens of today are live, and when the click was. */
  readonly live: number;
  readonly at: number;
  /** Whether its program leaves the token out now and then. */
  readonly mayForget: boolean;
  readonly wouldPass: (each: Heard) => boolean;
}

/**
 * Why nothing warned of a caller though it had come without a live token before the click: by what can have been known of that,
 * and in which order. null: it should have.
 *
 * @param lapse the last time that its program came without one
 */
export function explainLapse(
  lapse: Heard,
  { row, known, live, at, mayForget, wouldPass }: Lapsed,
): Explanation | null {
  if (row.firstSeenAt.getTime() > lapse.at + clocksMs) return "forgotten";
  const isMistaken = (each: Heard) => each.calledLive && each.late && each.at >= live;
  if (known.some((each) => isMistaken(each) && !wouldPass(each))) return "unheard of";
  const passing = known.filter((each) => each.looked && wouldPass(each));
  // By the clock of the gate: what came before counts for nothing, and what its row does not remember tells nothing.
  const remembered = Math.max(live, row.firstSeenAt.getTime());
  const relapsedFrom = passing.filter((each) => each.at < lapse.at && each.seenAt > remembered - 1);
  const relapsed = relapsedFrom.length > 0;
  const isLater = ({ at: then }: Heard) => then > lapse.at;
  if (!relapsed && passing.some(isLater)) return mayForget ? "first slip" : "between turns";
  // Whoever came last without the token is rejected, however long ago that was.
  const endsWith = passing.some((each) => each.at > lapse.at - clocksMs);
  if (relapsed && endsWith && at - lapse.at >= recentMs) return "mixes seldom";
  if (relapsed && relapsedFrom.every(({ calledLive, late }) => !calledLive && late)) return "unheard of";
  const isHidden = ({ seenAt }: Heard) => seenAt > lapse.seenAt - 1;
  if (relapsed && relapsedFrom.every(isHidden)) return "out of order";
  // Of live calls one after the other a row knows the first and the last: that is too little where the first tells nothing any more.
  const isOvertaken = passing.some((each) => isLater(each) && each.writtenAt <= lapse.writtenAt);
  const other = known.findLastIndex((each) => each.looked && !each.calledLive && each.at < lapse.at);
  const first = known.slice(other + 1).find((each) => each.looked && each.calledLive);
  return isOvertaken && first && first.seenAt < live ? "out of order" : null;
}
