import type { InstancePolicy, RequestFacts } from "@/lib/domain/gate";
import { type GraceFacts, knownFromRequests, shortestRatchetMs } from "@/lib/domain/grace";
import type { CallerFacts } from "@/lib/domain/preflight";
import { hourMs } from "@/lib/domain/traffic";
import { type Rules, realRules } from "./rules";

const {
  decide,
  judge,
  evidenceOf,
  isReady,
  readinessOf,
  fatesOfActivating,
  activationForecast,
  judgeArmed,
  merge,
  isKnown,
  tokenSince,
  graceEnds,
} = realRules;

/** Judges as if callers were otherwise than they are. */
function judging(change: (caller: CallerFacts, now: Date) => Partial<CallerFacts>): Partial<Rules> {
  return {
    judge: (callers, evidence, now) =>
      judge(
        callers.map((caller) => ({ ...caller, ...change(caller, now) })),
        evidence,
        now,
      ),
  };
}

/** Decides as if policies were otherwise than they are. */
function deciding(change: (policy: InstancePolicy, facts: RequestFacts) => InstancePolicy): Partial<Rules> {
  return {
    decide: (facts, lookup, now) =>
      decide(
        facts,
        lookup.kind === "found" ? { ...lookup, policy: change(lookup.policy, facts) } : lookup,
        now,
      ),
  };
}

type Known = GraceFacts & { readonly address: string };

const epoch = new Date(0);

/** Rules broken on purpose, one at a time: what the simulation would find if somebody broke them by accident. */
export const mutations: Readonly<Record<string, Partial<Rules>>> = {
  "who is waited for counts as ready": {
    judge: (callers, evidence, now) =>
      judge(callers, evidence, now).map((each) => ({ ...each, unproven: false })),
  },
  "mixing is not looked at": judging(() => ({ relapsedFrom: null })),
  "mixing counts for an hour": judging(({ relapsedAt }, now) =>
    relapsedAt && now.getTime() - relapsedAt.getTime() > hourMs ? { relapsedAt: null } : {},
  ),
  "what was sent before the tokens changed counts": {
    evidenceOf: (tokens, now) => {
      const evidence = evidenceOf(tokens, now);
      return evidence && { live: epoch, current: epoch, tokenless: epoch };
    },
  },
  "other callers are judged by their latest": judging(() => ({ others: false })),
  "a dismissed caller stays so though it came back": judging(({ dismissedAt, lastSeenAt }) =>
    dismissedAt ? { dismissedAt: lastSeenAt } : {},
  ),
  "an instance is ready whatever its other callers are": {
    isReady: (readiness) => isReady({ ...readiness, othersBreaking: false, othersUnproven: false }),
  },
  "ready instances are all instances": {
    readinessOf: (judgement) => readinessOf({ ...judgement, judged: [] }),
  },
  "the name is not asked for because of those who are waited for": {
    fatesOfActivating: (judged, instanceId) => ({ ...fatesOfActivating(judged, instanceId), maybe: [] }),
  },
  "the dialog names twenty": {
    activationForecast: (...given) => {
      const { rejected, maybe, ...rest } = activationForecast(...given);
      const few = <T>(all: { callers: readonly T[] }) => ({ callers: all.callers.slice(0, 20), more: [] });
      return { ...rest, rejected: { ...rejected, ...few(rejected) }, maybe: { ...maybe, ...few(maybe) } };
    },
  },
  "whoever types the name has read of everybody": { areNamed: () => true },
  "an armed instance is enforced at once": {
    judgeArmed: (judged, arming, now) => judgeArmed(judged, { ...arming, holdSeconds: 0 }, now),
  },
  "an armed instance waits for strangers, too": {
    judgeArmed: (judged, arming, now) => judgeArmed(judged, { ...arming, armedAt: now }, now),
  },
  "an armed instance waits for nobody heard in the last hour before arming": {
    judgeArmed: (judged, arming, now) =>
      judgeArmed(judged, { ...arming, armedAt: new Date(arming.armedAt.getTime() - hourMs) }, now),
  },
  "a click goes by what the page showed within the hour": { judgementAgeMs: hourMs },
  "a relapse is not written down": { merge: (old, seen) => ({ ...merge(old, seen), relapsedFrom: null }) },
  "the retiring token is not accepted": deciding((policy) => ({
    ...policy,
    tokens: policy.tokens.filter(({ state }) => state !== "retiring"),
  })),
  "a lapse while nobody looks at what is armed is no break": {
    judgeArmed: (judged, arming, now) => {
      const blind = judged.map((each) => ({ ...each, caller: { ...each.caller, notLiveAt: null } }));
      const { counting, waitingFor, strangers, ...rest } = judgeArmed(blind, arming, now);
      const own = (some: readonly (typeof blind)[number][]) =>
        judged.filter((_, nth) => some.includes(blind[nth] as (typeof blind)[number]));
      return { ...rest, counting: own(counting), waitingFor: own(waitingFor), strangers: own(strangers) };
    },
  },
  "a known caller needs the token after its first call with it": {
    graceEnds: (_, __, ___, since) => since !== null,
  },
  "a known caller needs the token after ten minutes": {
    graceEnds: (caller, rhythm, evidence, since, now) => {
      const isQuick = ["seconds", "minutes", "hourly", "hours"].includes(rhythm.kind);
      const shorter = isQuick ? shortestRatchetMs - Math.max(10 * 60_000, 1.5 * rhythm.everyMs) : 0;
      const later = (at: Date) => new Date(at.getTime() + Math.max(0, shorter));
      const { liveAt } = caller;
      return graceEnds({ ...caller, liveAt: liveAt && later(liveAt) }, rhythm, evidence, since, later(now));
    },
  },
  "what a known caller sends without the token in between does not count": {
    graceEnds: (caller, rhythm, evidence, since, now) =>
      graceEnds({ ...caller, notLiveAt: null }, rhythm, evidence, since, now),
    tokenSince: (caller, since, evidence) => tokenSince({ ...caller, notLiveAt: null }, since, evidence),
  },
  "a known caller is known by its program alone": deciding(({ known, ...policy }, { clientAddress }) => ({
    ...policy,
    known: new Set([...(known ?? [])].map((key) => `${clientAddress}${key.slice(key.indexOf(" "))}`)),
  })),
  "whoever is left out is known": {
    isKnown: (caller): caller is Known => isKnown({ ...caller, leftOutAt: null }),
  },
  "whoever called once is known": {
    isKnown: (caller): caller is Known =>
      isKnown({ ...caller, accepted: caller.accepted * knownFromRequests }),
  },
  "who was rejected is known": {
    isKnown: (caller): caller is Known => isKnown({ ...caller, accepted: knownFromRequests }),
  },
  "the time of known callers has no end": deciding((policy) => ({
    ...policy,
    graceUntil: policy.graceUntil && new Date(8e15),
  })),
  "whoever called without the token once is never ready": judging(({ notLiveAt }) =>
    notLiveAt ? { lastToken: "missing" } : {},
  ),
};

/** The seeds of worlds that show what is broken; where none is named, the first one does. */
export const foundIn: Readonly<Record<string, number>> = {
  "who is waited for counts as ready": 5,
  "mixing is not looked at": 14,
  "mixing counts for an hour": 14,
  "what was sent before the tokens changed counts": 5,
  "other callers are judged by their latest": 3,
  "a dismissed caller stays so though it came back": 177,
  "an instance is ready whatever its other callers are": 63,
  "the name is not asked for because of those who are waited for": 11,
  "the dialog names twenty": 3136,
  "whoever types the name has read of everybody": 476,
  "an armed instance is enforced at once": 5,
  "an armed instance waits for strangers, too": 109,
  "an armed instance waits for nobody heard in the last hour before arming": 33,
  "a click goes by what the page showed within the hour": 2,
  "a relapse is not written down": 14,
  "the retiring token is not accepted": 13,
  "a lapse while nobody looks at what is armed is no break": 5158,
  "a known caller needs the token after its first call with it": 8,
  "a known caller needs the token after ten minutes": 579,
  "what a known caller sends without the token in between does not count": 34,
  "a known caller is known by its program alone": 34,
  "whoever is left out is known": 81,
  "whoever called once is known": 11,
  "who was rejected is known": 11,
  "the time of known callers has no end": 400,
};
