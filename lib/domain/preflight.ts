import { type Evidence, isLiveToken, isTokenless, type SeenToken } from "./preflight-evidence";
import { type Expectation, expectationOf, type Rhythm } from "./rhythm";
import { hourMs } from "./traffic";

/** What would become of a caller if the token were enforced on it now, in the order in which they need a look. */
export const verdicts = ["rejected", "wrong_token", "waiting", "overdue", "ready"] as const;

/**
 * `ready`: its recent requests carried a live token. `rejected`: its latest did not, or it keeps mixing.
 * `wrong_token`: its latest carried something else. `waiting`: not heard since the tokens that are live now are the only
 * ones, so nobody knows what it sends. `overdue`: the same, and it has missed several of its turns, so that it is
 * probably gone. Neither is ready: see `blocks`.
 */
export type Verdict = (typeof verdicts)[number];

/**
 * How long a request without a live token counts against a caller that has sent one before and after it: two
 * programs behind one address, of which one was forgotten, look like that, and the forgotten one may call nightly.
 */
export const recentMs = 25 * hourMs;

/** The same for the row of all callers beyond the limits: as long as callers are kept. Nobody knows who they are. */
export const othersRecentMs = 30 * 24 * hourMs;

/** What a verdict needs to know about a caller. */
export interface CallerFacts {
  readonly instanceId: string;
  /** True for the one row of an instance that stands for all callers beyond the limits. */
  readonly others: boolean;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly lastToken: SeenToken;
  /** When it last came with a live token, and when last without one. */
  readonly liveAt: Date | null;
  readonly notLiveAt: Date | null;
  /** When it last came without a live token after it had come with one, and when that had been. */
  readonly relapsedAt: Date | null;
  readonly relapsedFrom: Date | null;
  /** When someone said that it is gone, or that what came without a live token until then is. */
  readonly dismissedAt: Date | null;
  /** When someone said that it does not belong here: it is waited for no more, however often it calls. */
  readonly leftOutAt: Date | null;
}

/** True as long as a caller that was called gone has not come back. */
export function isDismissed({ dismissedAt, lastSeenAt }: Pick<CallerFacts, "dismissedAt" | "lastSeenAt">) {
  return dismissedAt !== null && lastSeenAt <= dismissedAt;
}

/** True for a caller whose verdict keeps nothing from happening: it was called gone, or was left out. */
export function isSetAside(caller: Pick<CallerFacts, "dismissedAt" | "lastSeenAt" | "leftOutAt">): boolean {
  return caller.leftOutAt !== null || isDismissed(caller);
}

const isSince = (at: Date | null, since: Date): at is Date => at !== null && at >= since;

/** Since when what this caller sent last says something. */
function sinceOf(lastToken: SeenToken, { live, current, tokenless }: Evidence): Date {
  if (lastToken === "current") return current < live ? current : live;
  return isTokenless(lastToken) ? tokenless : live;
}

/**
 * Whether a row of others stands for some that called before the tokens changed and may not have called since: the row
 * tells the latest only. They get as long to come back as callers are kept.
 */
function hidesOlder({ others, firstSeenAt }: CallerFacts, { live }: Evidence, now: Date): boolean {
  return others && firstSeenAt < live && now.getTime() - live.getTime() < othersRecentMs;
}

/** The verdict on one caller. Total; one whose latest request did not carry a live token is never ready. */
export function verdictOf(caller: CallerFacts, evidence: Evidence, now: Date): Exclude<Verdict, "overdue"> {
  const { others, lastSeenAt, lastToken, liveAt, notLiveAt, relapsedAt, relapsedFrom, dismissedAt } = caller;
  if (lastSeenAt < sinceOf(lastToken, evidence)) return "waiting";
  const failed = isSince(notLiveAt, evidence.live);
  const age = (at: Date) => now.getTime() - at.getTime();
  const mixes =
    isSince(relapsedFrom, evidence.live) &&
    relapsedAt !== null &&
    age(relapsedAt) < recentMs &&
    (dismissedAt === null || relapsedAt > dismissedAt);
  // Of many callers in one row, the latest says nothing about the rest.
  const hidesFailed = others && failed && age(notLiveAt) < othersRecentMs;
  if (lastToken === "none") {
    // Its latest was refused before anyone looked at the token; those before that still warn.
    const failedLast = failed && (liveAt === null || notLiveAt > liveAt);
    return mixes || hidesFailed || failedLast ? "rejected" : "waiting";
  }
  if (lastToken === "missing") return "rejected";
  if (!isLiveToken(lastToken)) return "wrong_token";
  if (hidesFailed) return "rejected";
  if (others) return hidesOlder(caller, evidence, now) ? "waiting" : "ready";
  return mixes ? "rejected" : "ready";
}

/** True for verdicts that mean a rejection once the token is enforced. */
export function breaks(verdict: Verdict): boolean {
  return verdict === "rejected" || verdict === "wrong_token";
}

/** True for verdicts on a caller that was not heard since the tokens changed. */
export function isSilent(verdict: Verdict): boolean {
  return verdict === "waiting" || verdict === "overdue";
}

/**
 * Whether a silent caller works, so that enforcing the token may break it: what it was last let in with was no
 * token, or one that is not live any more, and nobody has heard what it sends since. However long it is silent; who
 * knows that it is gone dismisses it. One that was never let in has nothing to lose.
 */
function isUnproven(caller: CallerFacts, evidence: Evidence, now: Date): boolean {
  const { lastToken, liveAt, notLiveAt } = caller;
  if (lastToken !== "none") return true;
  // Its latest was refused before anyone looked at the token; the one before that says what it sends.
  if (liveAt === null && notLiveAt === null) return false;
  return !isSince(liveAt, evidence.live) || hidesOlder(caller, evidence, now);
}

/** How many callers there are of each verdict, without those set aside and other callers. */
type VerdictCounts = Readonly<Record<Verdict, number>>;

/** One caller with its verdict. */
export interface Judged<C extends CallerFacts = CallerFacts> {
  readonly caller: C;
  readonly verdict: Verdict;
  /** It is silent, and worked with what is not known to be enough. */
  readonly unproven: boolean;
  /** When it should call; null where nobody has looked, and for others, who have no rhythm. */
  readonly expectation: Expectation | null;
}

/** True for a caller that keeps its instance from being ready, unless it was set aside. */
export function blocks({ verdict, unproven }: Pick<Judged, "verdict" | "unproven">): boolean {
  return breaks(verdict) || unproven;
}

/** The answer for the account. */
export interface PreflightSummary {
  readonly counts: VerdictCounts;
  /** Called gone, or left out. */
  readonly dismissed: number;
  /** Callers that enforcing the token everywhere would newly reject. */
  readonly wouldReject: number;
  /** Callers that are rejected now, because it is enforced on their instance. */
  readonly rejectsNow: number;
  /** The same of those that are unproven: maybe. */
  readonly mightReject: number;
  readonly mightRejectNow: number;
  /** Instances some of whose callers beyond the limits came without a live token. */
  readonly othersRejected: number;
  /** Instances some of whose callers beyond the limits have not called since the tokens changed, or may not have. */
  readonly othersUnproven: number;
}

/** Judges every caller, dismissed ones too. */
export function judge<C extends CallerFacts>(
  callers: readonly C[],
  evidence: Evidence,
  now: Date,
): Judged<C>[] {
  return callers.map((caller) => {
    const verdict = verdictOf(caller, evidence, now);
    const unproven = verdict === "waiting" && isUnproven(caller, evidence, now);
    return { caller, verdict, unproven, expectation: null };
  });
}

/**
 * The same callers with what is expected of each: those that wait and have missed several turns are overdue. Whether one
 * blocks stays as it is.
 *
 * @param rhythmOf undefined for callers whose rhythm does not matter
 */
export function expectCalls<C extends CallerFacts>(
  judged: readonly Judged<C>[],
  rhythmOf: (caller: C) => Rhythm | undefined,
  now: Date,
): Judged<C>[] {
  return judged.map((each) => {
    const { caller, verdict } = each;
    const rhythm = rhythmOf(caller);
    if (!rhythm || caller.others) return each;
    const expectation = expectationOf(rhythm, caller.lastSeenAt, now);
    const overdue = verdict === "waiting" && expectation.overdue;
    return { ...each, expectation, verdict: overdue ? "overdue" : verdict };
  });
}

/**
 * Sums verdicts up.
 *
 * @param isEnforced whether the token is enforced on a caller's instance
 */
export function summarise<C extends CallerFacts>(
  judged: readonly Judged<C>[],
  isEnforced: (caller: C) => boolean,
): PreflightSummary {
  const counts: Record<Verdict, number> = { rejected: 0, wrong_token: 0, waiting: 0, overdue: 0, ready: 0 };
  let [dismissed, wouldReject, rejectsNow, othersRejected] = [0, 0, 0, 0];
  let [mightReject, mightRejectNow, othersUnproven] = [0, 0, 0];
  for (const { caller, verdict, unproven } of judged) {
    if (isSetAside(caller)) {
      dismissed++;
      continue;
    }
    if (caller.others) {
      if (breaks(verdict)) othersRejected++;
      if (unproven) othersUnproven++;
      continue;
    }
    counts[verdict]++;
    const enforced = isEnforced(caller);
    if (breaks(verdict)) enforced ? rejectsNow++ : wouldReject++;
    if (unproven) enforced ? mightRejectNow++ : mightReject++;
  }
  const might = { mightReject, mightRejectNow, othersUnproven };
  return { counts, dismissed, wouldReject, rejectsNow, othersRejected, ...might };
}

/**
 * The share of requests that came from callers that are ready, 0 to 1; null when nobody called. Callers that were
 * called gone or left out do not count.
 *
 * @param requestsOf how many a caller made
 */
export function readyShare<C extends CallerFacts>(
  judged: readonly Judged<C>[],
  requestsOf: (caller: C) => number,
): number | null {
  let [ready, all] = [0, 0];
  for (const { caller, verdict } of judged) {
    if (isSetAside(caller)) continue;
    const requests = requestsOf(caller);
    all += requests;
    if (verdict === "ready") ready += requests;
  }
  return all === 0 ? null : ready / all;
}

/**
 * How many silent callers did call since their calls would tell something, but were refused before anyone looked at
 * the token: the instance was paused, or their address not allowed.
 */
export function countUnchecked(judged: readonly Judged<CallerFacts>[], since: Date): number {
  const unchecked = ({ caller, verdict }: Judged<CallerFacts>) =>
    isSilent(verdict) && caller.lastToken === "none" && caller.lastSeenAt >= since;
  return judged.filter((each) => unchecked(each) && !each.caller.others && !isSetAside(each.caller)).length;
}
