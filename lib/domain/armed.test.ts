import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Arming, armedInstances, judgeArmed } from "./armed";
import { type CallerFacts, type Judged, verdicts } from "./preflight";
import { settleMs } from "./rotation";

const armedAt = new Date("2026-11-25T08:00:00Z");
const later = (seconds: number) => new Date(armedAt.getTime() + seconds * 1000);
const hold = 600;

function judgedCaller(more: Partial<CallerFacts> = {}, verdict: Judged["verdict"] = "ready"): Judged {
  const caller: CallerFacts = {
    instanceId: "one",
    others: false,
    firstSeenAt: later(-3600),
    lastSeenAt: later(-60),
    lastToken: "current",
    liveAt: later(-60),
    notLiveAt: null,
    relapsedAt: null,
    relapsedFrom: null,
    dismissedAt: null,
    leftOutAt: null,
    ...more,
  };
  return { caller, verdict, unproven: verdict === "waiting" || verdict === "overdue", expectation: null };
}

const judged = fc
  .record({
    verdict: fc.constantFrom(...verdicts),
    firstSeen: fc.integer({ min: -100_000, max: 1000 }),
    notLive: fc.option(fc.integer({ min: -100_000, max: 1000 }), { nil: null }),
    others: fc.boolean(),
    dismissed: fc.boolean(),
    leftOut: fc.boolean(),
  })
  .map(({ verdict, firstSeen, notLive, others, dismissed, leftOut }) =>
    judgedCaller(
      {
        others,
        firstSeenAt: later(firstSeen),
        notLiveAt: notLive === null ? null : later(notLive),
        dismissedAt: dismissed ? later(0) : null,
        leftOutAt: leftOut ? later(0) : null,
      },
      verdict,
    ),
  );

const arming = fc
  .record({
    holdSeconds: fc.integer({ min: 60, max: 5000 }),
    readySince: fc.option(fc.integer({ min: 0, max: 5000 }), { nil: null }),
  })
  .map(
    ({ holdSeconds, readySince }): Arming => ({
      armedAt,
      holdSeconds,
      readySince: readySince === null ? null : later(readySince),
    }),
  );

const now = fc.integer({ min: 0, max: 10_000 }).map(later);

describe("an armed instance", () => {
  it("is never enforced while a caller that counts blocks it, nor before the hold time is over", () => {
    fc.assert(
      fc.property(fc.array(judged, { maxLength: 8 }), arming, now, (callers, arming, now) => {
        const { enforce, readySince, enforcedAt, waitingFor } = judgeArmed(callers, arming, now);
        expect(readySince === null).toBe(waitingFor.length > 0);
        expect(enforcedAt === null).toBe(waitingFor.length > 0);
        if (!enforce) return;
        expect(waitingFor).toEqual([]);
        expect(now.getTime() - (readySince?.getTime() ?? 0)).toBeGreaterThanOrEqual(
          arming.holdSeconds * 1000,
        );
        expect(readySince).toEqual(arming.readySince);
      }),
    );
  });

  it("counts each caller once: as one that counts, as one first heard after arming, or as set aside", () => {
    fc.assert(
      fc.property(fc.array(judged, { maxLength: 8 }), arming, now, (callers, arming, now) => {
        const { counting, strangers } = judgeArmed(callers, arming, now);
        const aside = callers.filter(
          ({ caller }) => caller.leftOutAt !== null || caller.dismissedAt !== null,
        );
        expect(new Set([...counting, ...strangers, ...aside]).size).toBe(callers.length);
        expect(counting.length + strangers.length + aside.length).toBe(callers.length);
      }),
    );
  });

  it("is held up by nobody who was first heard afterwards, was left out or called gone", () => {
    const afterwards = fc.integer({ min: settleMs + 1, max: 10_000_000 });
    fc.assert(
      fc.property(fc.array(judged), judged, afterwards, arming, now, (callers, one, ms, arming, now) => {
        const without = judgeArmed(callers, arming, now);
        const aside: Partial<CallerFacts>[] = [
          { firstSeenAt: new Date(armedAt.getTime() + ms) },
          { leftOutAt: armedAt },
          { dismissedAt: one.caller.lastSeenAt },
        ];
        for (const more of aside) {
          const extra = { ...one, caller: { ...one.caller, ...more } };
          const { enforce, readySince, waitingFor } = judgeArmed([...callers, extra], arming, now);
          expect({ enforce, readySince, waitingFor }).toEqual({
            enforce: without.enforce,
            readySince: without.readySince,
            waitingFor: without.waitingFor,
          });
        }
      }),
    );
  });

  it("looked at again and again, is enforced at the first look after a whole hold time of readiness", () => {
    const looks = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 400 }), ready: fc.boolean() }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(looks, (looks) => {
        let at = 0;
        let readySince: Date | null = null;
        let unbroken: number | null = null;
        for (const { seconds, ready } of looks) {
          at += seconds;
          unbroken = ready ? (unbroken ?? at) : null;
          const callers = [judgedCaller(), judgedCaller({}, ready ? "ready" : "waiting")];
          const outcome: ReturnType<typeof judgeArmed> = judgeArmed(
            callers,
            { armedAt, holdSeconds: hold, readySince },
            later(at),
          );
          expect(outcome.enforce).toBe(unbroken !== null && at - unbroken >= hold);
          if (outcome.enforce) return;
          readySince = outcome.readySince;
        }
      }),
    );
  });

  it("begins anew after a call without the token that nobody looked at in time", () => {
    const arming = { armedAt, holdSeconds: hold, readySince: later(10) };
    const relapsed = judgedCaller({ notLiveAt: later(300) });
    expect(judgeArmed([judgedCaller({ notLiveAt: later(9) })], arming, later(700)).enforce).toBe(true);
    const outcome = judgeArmed([relapsed], arming, later(700));
    expect(outcome).toMatchObject({ enforce: false, readySince: later(700), enforcedAt: later(1300) });
    const called = judgedCaller({ notLiveAt: later(300), dismissedAt: later(301), lastSeenAt: later(400) });
    expect(judgeArmed([called], arming, later(700)).enforce, "that call was called gone").toBe(true);
  });

  it("without a caller that counts is enforced after the hold time", () => {
    const first = judgeArmed([], { armedAt, holdSeconds: hold, readySince: null }, later(3));
    expect(first).toMatchObject({ enforce: false, readySince: later(3), enforcedAt: later(603) });
    const { readySince } = first;
    expect(judgeArmed([], { armedAt, holdSeconds: hold, readySince }, later(603)).enforce).toBe(true);
  });
});

describe("what a page shows of armed instances", () => {
  const named = (id: string, instanceId: string, verdict: Judged["verdict"], expectedBy?: number) => {
    const { caller, unproven } = judgedCaller({ instanceId }, verdict);
    const names = { id, name: null, agent: id, address: "203.0.113.9" };
    const rest = { kind: "daily", everyMs: 1, from: 0, lengthMs: 0, days: [] } as const;
    const turn = { ...rest, expectedBy: expectedBy ?? null, missed: 0, overdue: false, at: 0 };
    return { caller: { ...caller, ...names }, verdict, unproven, expectation: expectedBy ? turn : null };
  };
  const open = ["night", "day", "new"].map((id) => ({ id, name: id, readySince: null }));

  it("puts those first that are enforced next, and names who is heard last, or whose turn nobody knows", () => {
    const callers = [
      named("curl", "night", "rejected", 5),
      named("python", "night", "waiting", 9),
      named("n8n", "night", "ready"),
      named("axios", "day", "waiting", 9),
      named("guzzle", "day", "waiting"),
      named("go", "day", "waiting", 7),
      { ...named("thief", "new", "rejected") },
    ].map((each) =>
      each.caller.id === "thief" ? { ...each, caller: { ...each.caller, firstSeenAt: later(60) } } : each,
    );
    const views = armedInstances(open, callers, { armedAt, holdSeconds: hold }, later(120));
    expect(views).toMatchObject([
      { id: "new", waitingFor: 0, callers: 0, next: null, enforcedAt: later(720), newCallers: 1 },
      { id: "night", waitingFor: 2, callers: 3, next: { agent: "python" }, readySince: null },
      { id: "day", waitingFor: 3, callers: 3, next: { agent: "guzzle" }, newCallers: 0 },
    ]);
    expect(views[0]?.newest).toMatchObject([{ agent: "thief" }]);
  });
});
