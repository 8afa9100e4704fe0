import type { Outcome } from "./caller";
import type { SeenToken } from "./preflight-evidence";

/** Requests of one hour (UTC) with one end. */
interface HourCount {
  /** Start of the hour, in milliseconds since 1970. */
  readonly hour: number;
  readonly outcome: Outcome;
  readonly token: SeenToken;
  readonly requests: number;
}

/** When and how a caller was last seen. Times in milliseconds since 1970; 0 means never. */
export interface LastSeen {
  firstAt: number;
  lastAt: number;
  userAgent: string;
  method: string;
  path: string;
  outcome: Outcome;
  token: SeenToken;
  acceptedAt: number;
  rejectedAt: number;
  liveAt: number;
  notLiveAt: number;
  /** The last request without a live token that came after one with it, and the latest of those it came after. */
  relapsedAt: number;
  relapsedFrom: number;
}

type Relapse = Pick<LastSeen, "liveAt" | "notLiveAt" | "relapsedAt" | "relapsedFrom">;

/** The relapse that two sights of a caller make together: each its own, or the one after the other's live token. */
function relapseOf(one: Relapse, other: Relapse): Pick<LastSeen, "relapsedAt" | "relapsedFrom"> {
  let { relapsedAt, relapsedFrom } = one.relapsedAt >= other.relapsedAt ? one : other;
  for (const [live, not] of [
    [one, other],
    [other, one],
  ] as const) {
    if (live.liveAt === 0 || not.notLiveAt <= live.liveAt || not.notLiveAt < relapsedAt) continue;
    relapsedFrom = Math.max(live.liveAt, not.notLiveAt === relapsedAt ? relapsedFrom : 0);
    relapsedAt = not.notLiveAt;
  }
  return { relapsedAt, relapsedFrom };
}

/** What was seen of one caller since it was last written down. */
export interface CallerSums extends LastSeen {
  readonly accountId: string;
  readonly instanceId: string;
  /** null when it is not known, and for others. */
  readonly address: string | null;
  readonly agent: string;
  /** True for the sum of an instance's callers beyond the limits. */
  readonly others: boolean;
  readonly counts: readonly HourCount[];
}

/** Milliseconds of an hour. */
export const hourMs = 3_600_000;

/** The start of the hour (UTC) that a moment is in. */
export function hourOf(at: number): number {
  return at - (at % hourMs);
}

/** Adds what another process, or an earlier batch, saw of the same caller. */
export function mergeLastSeen(into: LastSeen, seen: LastSeen): void {
  if (seen.lastAt >= into.lastAt) {
    into.lastAt = seen.lastAt;
    into.userAgent = seen.userAgent;
    into.method = seen.method;
    into.path = seen.path;
    into.outcome = seen.outcome;
    into.token = seen.token;
  }
  Object.assign(into, relapseOf(into, seen));
  into.firstAt = Math.min(into.firstAt, seen.firstAt);
  into.acceptedAt = Math.max(into.acceptedAt, seen.acceptedAt);
  into.rejectedAt = Math.max(into.rejectedAt, seen.rejectedAt);
  into.liveAt = Math.max(into.liveAt, seen.liveAt);
  into.notLiveAt = Math.max(into.notLiveAt, seen.notLiveAt);
}
