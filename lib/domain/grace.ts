import type { ProgramCount } from "./caller-view";
import { type CallerFacts, isSetAside, recentMs } from "./preflight";
import type { Evidence } from "./preflight-evidence";
import type { Rhythm } from "./rhythm";
import { hourMs } from "./traffic";

const dayMs = 24 * hourMs;

/** Fewest requests that were let in, in the days that callers are remembered, that make one known. */
export const knownFromRequests = 3;

/** Shortest, usual and longest time for which known callers get in without the token; days. */
export const graceDays = { least: 1, usual: 14, most: 90 } as const;

/** A caller first heard this lately, or let in this seldom, deserves a look: a thief may have called already. */
const latelyMs = dayMs;
const seldomRequests = 10;

/** What there is to know of a caller before known callers only are let in. */
export interface GraceFacts
  extends Pick<
    CallerFacts,
    "instanceId" | "others" | "firstSeenAt" | "lastSeenAt" | "dismissedAt" | "leftOutAt"
  > {
  /** Canonical; null when it is not known, and for others. */
  readonly address: string | null;
  readonly agent: string;
  /** Requests that were let in, in the days that callers are remembered. What was rejected makes nobody known. */
  readonly accepted: number;
}

/** True for a caller that goes on getting in without the token when known callers only do. */
export function isKnown(caller: GraceFacts): caller is GraceFacts & { readonly address: string } {
  const { others, address, accepted } = caller;
  return !others && address !== null && !isSetAside(caller) && accepted >= knownFromRequests;
}

/** Why a known caller deserves a look before it stays one. */
export function marksOf(
  { firstSeenAt, accepted }: Pick<GraceFacts, "firstSeenAt" | "accepted">,
  now: Date,
): { lately: boolean; seldom: boolean } {
  return {
    lately: now.getTime() - firstSeenAt.getTime() < latelyMs,
    seldom: accepted < seldomRequests,
  };
}

/** A program of an instance whose addresses change. */
interface ChangingProgram {
  readonly instanceId: string;
  readonly agent: string;
  /** From how many addresses it came. */
  readonly addresses: number;
}

/** Fewest addresses that came and went that make a program one whose addresses change. */
const fewestShortLived = 3;

/**
 * Programs that cannot be held by their addresses: at one instance, at least three addresses, and half of all they came
 * from, were heard within less than a day and then for an hour no more. The most addresses first.
 *
 * @param callers of any instances; those set aside and others do not count
 */
export function changingPrograms(callers: readonly GraceFacts[], now: Date): ChangingProgram[] {
  const found = new Map<string, ChangingProgram & { addresses: number; shortLived: number }>();
  for (const caller of callers) {
    const { others, address, instanceId, agent, firstSeenAt, lastSeenAt } = caller;
    if (others || address === null || isSetAside(caller)) continue;
    const key = `${instanceId} ${agent}`;
    const program = found.get(key) ?? { instanceId, agent, addresses: 0, shortLived: 0 };
    const heardMs = lastSeenAt.getTime() - firstSeenAt.getTime();
    program.addresses++;
    if (heardMs < dayMs && now.getTime() - lastSeenAt.getTime() > hourMs) program.shortLived++;
    found.set(key, program);
  }
  return [...found.values()]
    .filter(({ addresses, shortLived }) => shortLived >= Math.max(fewestShortLived, addresses / 2))
    .sort((one, other) => other.addresses - one.addresses)
    .map(({ instanceId, agent, addresses }) => ({ instanceId, agent, addresses }));
}

/**
 * Shortest time for which a known caller has to send the token before it needs it: another program of its name behind its
 * address, of which nobody thought, may call daily.
 */
export const shortestRatchetMs = recentMs;

/** How long one whole turn lasts, with slack: clocks are put forward and back, and jobs start late. */
function turnMs({ kind, everyMs, longestMs }: Rhythm): number {
  switch (kind) {
    case "seconds":
    case "minutes":
    case "hourly":
    case "hours":
      return 1.5 * everyMs;
    case "daily":
      return Math.max(dayMs + hourMs, longestMs + hourMs);
    case "days":
    case "weekly":
      return 7 * dayMs + hourMs;
    case "rarely":
    case "unknown":
      return shortestRatchetMs;
  }
}

/** For how long a known caller of this rhythm has to send the token before it needs it; milliseconds. */
function ratchetMs(rhythm: Rhythm): number {
  return Math.max(shortestRatchetMs, turnMs(rhythm));
}

/** When a caller last came with a live token, and when last without. */
export type TokenMoments = Pick<CallerFacts, "liveAt" | "notLiveAt">;

/**
 * Since when a known caller has sent a live token, and nothing without one: a call of that moment was seen. null: its
 * latest came without, or with one that has ended.
 *
 * @param since what this was when it was last looked at; kept for as long as it holds
 */
export function tokenSince(
  { liveAt, notLiveAt }: TokenMoments,
  since: Date | null,
  { live }: Evidence,
): Date | null {
  if (liveAt === null || liveAt < live || (notLiveAt !== null && notLiveAt >= liveAt)) return null;
  const holds =
    since !== null && since >= live && since <= liveAt && (notLiveAt === null || notLiveAt < since);
  return holds ? since : liveAt;
}

/**
 * Whether a known caller needs the token from now on: it called with a live one at the beginning and at the end of a
 * time as long as `ratchetMs`, and nothing came without one from that beginning on. A single call is never enough. Two
 * programs of one name behind one address are one caller, so what either sends without the token begins it anew.
 *
 * @param rhythm of what came without a live token; of everything where nothing did
 * @param since as `tokenSince` gave it earlier
 */
export function graceEnds(
  caller: TokenMoments,
  rhythm: Rhythm,
  evidence: Evidence,
  since: Date | null,
  now: Date,
): boolean {
  const { liveAt } = caller;
  if (since === null || liveAt === null) return false;
  if (tokenSince(caller, since, evidence)?.getTime() !== since.getTime()) return false;
  // A gate whose clock is ahead cannot make it longer than it was.
  return Math.min(liveAt.getTime(), now.getTime()) - since.getTime() >= ratchetMs(rhythm);
}

/** A caller that is let in without the token, or was. */
export interface KnownCallerView {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly name: string | null;
  readonly agent: string;
  readonly address: string;
  /** null when nothing is remembered of its calls any more. */
  readonly lastSeenAt: Date | null;
  /** Whether its latest request carried a live token. */
  readonly sendsToken: boolean;
  readonly endedAt: Date | null;
  /** `token`: it had sent it for long enough; `hand`: somebody said so. */
  readonly endedBy: "token" | "hand" | null;
}

/** *Known callers only*, while that is on. */
export interface GraceView {
  readonly since: Date;
  readonly until: Date;
  /** Those still let in without the token first, and of them those that do not send it; some of them. */
  readonly callers: readonly KnownCallerView[];
  /** How many there are in all, and of them still let in without it. */
  readonly total: number;
  readonly open: number;
}

/** A caller as it stands in the question before known callers only are let in. */
export interface GraceCandidate {
  readonly id: string;
  readonly instanceName: string;
  readonly name: string | null;
  readonly agent: string;
  /** null when it is not known. */
  readonly address: string | null;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  /** That were let in, in the days that callers are remembered. */
  readonly requests: number;
  /** Of the last week, let in without a live token: they would be rejected if it were left out. */
  readonly withoutToken: number;
  /** Whether it is ready: it sends the token already. */
  readonly sendsToken: boolean;
  /** A thief may have called already: look at those first seen lately, and at those that called seldom. */
  readonly lately: boolean;
  readonly seldom: boolean;
}

/** What letting only known callers in would do, from recorded traffic. Some callers are shown; all are counted. */
export interface GraceForecast {
  /** Callers that would go on getting in without the token, those that deserve a look first. */
  readonly known: readonly GraceCandidate[];
  readonly knownTotal: number;
  /** Callers that do not send the token, or may not, and would be rejected: heard too seldom, or without an address. */
  readonly unknown: readonly GraceCandidate[];
  /** The programs of those beyond the hundreds. */
  readonly unknownMore: readonly ProgramCount[];
  readonly unknownTotal: number;
  /** Instances some of whose callers beyond the limits came without it: nobody can hold them. */
  readonly others: readonly string[];
  /** Programs whose addresses change, so that they cannot be held by them. */
  readonly changing: readonly {
    readonly agent: string;
    readonly instanceName: string;
    readonly addresses: number;
  }[];
  /** Requests of the last week that would have been rejected, and all that were let in where it would count. */
  readonly rejectedLastWeek: number;
  readonly requestsLastWeek: number;
}
