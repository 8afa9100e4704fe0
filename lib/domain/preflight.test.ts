import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { isReady, readinessByInstance } from "./enforcement";
import {
  blocks,
  type CallerFacts,
  isDismissed,
  judge,
  othersRecentMs,
  readyShare,
  recentMs,
  summarise,
  verdictOf,
} from "./preflight";
import { evidenceOf, isLiveToken, type SeenToken } from "./preflight-evidence";
import { settleMs } from "./rotation";

const now = new Date("2026-11-24T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const settled = (minutes: number) => new Date(ago(minutes).getTime() + settleMs);
const tokens: readonly SeenToken[] = [
  "current",
  "retiring",
  "live",
  "missing",
  "malformed",
  "unknown",
  "retired",
  "instance_token",
  "duplicate",
  "placeholder",
  "none",
];

/** A caller as gates write it: times that fit the latest token. */
const caller = fc
  .record({
    instanceId: fc.constantFrom("one", "two", "three"),
    others: fc.boolean(),
    lastToken: fc.constantFrom(...tokens),
    seen: fc.integer({ min: 0, max: 4000 }),
    other: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
    relapse: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
    dismissed: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
  })
  .map(({ lastToken, seen, other, relapse, dismissed, ...rest }): CallerFacts => {
    const before = other === null ? null : ago(seen + other);
    return {
      ...rest,
      lastToken,
      firstSeenAt: ago(seen + (other ?? 0) + (relapse ?? 0) + 1),
      lastSeenAt: ago(seen),
      liveAt: isLiveToken(lastToken) ? ago(seen) : before,
      notLiveAt: isLiveToken(lastToken) || lastToken === "none" ? before : ago(seen),
      relapsedAt: relapse === null ? null : ago(seen + relapse),
      relapsedFrom: relapse === null ? null : ago(seen + relapse + 1),
      dismissedAt: dismissed === null ? null : ago(dismissed),
      leftOutAt: null,
    };
  });

const minutes = fc.integer({ min: 0, max: 5000 });

/** The moments that matter, as the tokens of an account can make them. */
const evidence = fc
  .record({ live: minutes, current: minutes, more: minutes })
  .map(({ live, current, more }) => ({
    live: ago(live),
    current: ago(current),
    tokenless: ago(live + more),
  }));

/** An account that has had one token for so long. */
const heldFor = (minutes: number) => {
  const since = ago(minutes);
  return { live: since, current: since, tokenless: since };
};

function seen(more: Partial<CallerFacts> = {}): CallerFacts {
  return {
    instanceId: "one",
    others: false,
    firstSeenAt: ago(1),
    lastSeenAt: ago(1),
    lastToken: "current",
    liveAt: ago(1),
    notLiveAt: null,
    relapsedAt: null,
    relapsedFrom: null,
    dismissedAt: null,
    leftOutAt: null,
    ...more,
  };
}

describe("a verdict", () => {
  it("is ready only when the latest request carried a token that is live now", () => {
    fc.assert(
      fc.property(caller, evidence, (one, from) => {
        if (verdictOf(one, from, now) !== "ready") return;
        expect(isLiveToken(one.lastToken)).toBe(true);
        expect(
          one.lastSeenAt >= from.live || (one.lastToken === "current" && one.lastSeenAt >= from.current),
        ).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("waits for whoever was not heard since, whatever it sent before", () => {
    fc.assert(
      fc.property(caller, minutes, (one, from) => {
        const verdict = verdictOf(one, heldFor(from), now);
        if (one.lastSeenAt < ago(from)) expect(verdict).toBe("waiting");
        else if (one.lastToken !== "none" && !one.others) expect(verdict).not.toBe("waiting");
      }),
    );
  });

  it("tells nothing sent from something wrong sent", () => {
    expect(verdictOf(seen({ lastToken: "missing", notLiveAt: ago(1) }), heldFor(9), now)).toBe("rejected");
    for (const lastToken of [
      "malformed",
      "unknown",
      "retired",
      "instance_token",
      "duplicate",
      "placeholder",
    ] as const) {
      expect(verdictOf(seen({ lastToken, notLiveAt: ago(1) }), heldFor(9), now)).toBe("wrong_token");
    }
  });

  it("follows the first request with the token at once", () => {
    expect(verdictOf(seen({ notLiveAt: ago(2) }), heldFor(9), now)).toBe("ready");
  });

  it("does not trust a caller that mixes, until it has not for a night and a day", () => {
    const mixing = (minutes: number, more: Partial<CallerFacts> = {}) =>
      seen({ relapsedAt: ago(minutes), relapsedFrom: ago(minutes + 1), ...more });
    const hours = recentMs / 60_000;
    expect(verdictOf(mixing(2), heldFor(9000), now)).toBe("rejected");
    expect(verdictOf(mixing(24 * 60 + 30), heldFor(9000), now), "its other half may call nightly").toBe(
      "rejected",
    );
    expect(verdictOf(mixing(hours - 1), heldFor(9000), now)).toBe("rejected");
    expect(verdictOf(mixing(hours), heldFor(9000), now)).toBe("ready");
    expect(verdictOf(mixing(20), heldFor(20), now), "what it came with before was another token").toBe(
      "ready",
    );
  });

  it("trusts a caller that mixed once someone has said that its other half is gone, until that comes again", () => {
    const mixed = (dismissed: number) =>
      seen({ relapsedAt: ago(20), relapsedFrom: ago(21), dismissedAt: ago(dismissed) });
    expect(verdictOf(mixed(20), heldFor(900), now)).toBe("ready");
    expect(verdictOf(mixed(19), heldFor(900), now)).toBe("ready");
    expect(verdictOf(mixed(21), heldFor(900), now)).toBe("rejected");
  });

  it("is about what was never a token whichever is live", () => {
    const rotated = { live: ago(5), current: ago(5), tokenless: ago(900) };
    const before = { lastSeenAt: ago(60), liveAt: null, notLiveAt: ago(60) };
    expect(verdictOf(seen({ ...before, lastToken: "missing" }), rotated, now)).toBe("rejected");
    expect(verdictOf(seen({ ...before, lastToken: "instance_token" }), rotated, now)).toBe("wrong_token");
    for (const lastToken of ["unknown", "retired", "current", "retiring", "live"] as const) {
      expect(verdictOf(seen({ ...before, lastToken }), rotated, now)).toBe("waiting");
    }
  });

  it("stays ready for whoever sent the current token when the old one ends", () => {
    const finished = { live: ago(5), current: ago(60), tokenless: ago(900) };
    const before = { lastSeenAt: ago(20), liveAt: ago(20) };
    expect(verdictOf(seen({ ...before, lastToken: "current" }), finished, now)).toBe("ready");
    expect(verdictOf(seen({ ...before, lastToken: "retiring" }), finished, now)).toBe("waiting");
    expect(verdictOf(seen({ lastSeenAt: ago(61), lastToken: "current" }), finished, now)).toBe("waiting");
  });

  it("calls other callers ready only when none of them came without a live token for a month", () => {
    const month = othersRecentMs / 60_000;
    const others = (notLiveAt: Date | null) => seen({ others: true, notLiveAt });
    expect(verdictOf(others(null), heldFor(90_000), now)).toBe("ready");
    expect(verdictOf(others(ago(month - 1)), heldFor(90_000), now)).toBe("rejected");
    expect(verdictOf(others(ago(month)), heldFor(90_000), now)).toBe("ready");
    // The latest of them was refused before anyone looked at its token.
    const refused = (notLiveAt: Date) => ({ ...others(notLiveAt), lastToken: "none" as const });
    expect(verdictOf(refused(ago(month - 1)), heldFor(90_000), now)).toBe("rejected");
    expect(verdictOf(refused(ago(month)), heldFor(90_000), now)).toBe("waiting");
  });

  it("leaves other callers that called before the token changed a month to call again", () => {
    const month = othersRecentMs / 60_000;
    const others = (firstSeenAt: Date) => seen({ others: true, firstSeenAt, notLiveAt: ago(90_000) });
    expect(verdictOf(others(ago(61)), heldFor(60), now)).toBe("waiting");
    expect(verdictOf(others(ago(60)), heldFor(60), now)).toBe("ready");
    expect(verdictOf(others(ago(month + 1)), heldFor(month - 1), now)).toBe("waiting");
    expect(verdictOf(others(ago(month + 1)), heldFor(month), now)).toBe("ready");
  });

  it("warns by the request before when the latest was refused before its token was looked at", () => {
    const paused = (more: Partial<CallerFacts>) =>
      verdictOf(seen({ lastToken: "none", ...more }), heldFor(9), now);
    expect(paused({ liveAt: ago(5) })).toBe("waiting");
    expect(paused({ liveAt: ago(5), notLiveAt: ago(4) })).toBe("rejected");
    expect(paused({ liveAt: ago(4), notLiveAt: ago(5) })).toBe("waiting");
    expect(paused({ liveAt: null, notLiveAt: ago(20) })).toBe("waiting");
    const mixed = { liveAt: ago(2), notLiveAt: ago(4), relapsedAt: ago(4), relapsedFrom: ago(5) };
    expect(paused(mixed), "of two programs behind one address, one still comes without").toBe("rejected");
  });

  it("counts the very moment the token was made as since", () => {
    expect(verdictOf(seen({ lastSeenAt: ago(9), liveAt: ago(9) }), heldFor(9), now)).toBe("ready");
  });
});

describe("a caller that works and is not ready", () => {
  const isUnproven = (one: CallerFacts, from: ReturnType<typeof heldFor>, at: Date) =>
    judge([one], from, at)[0]?.unproven;

  /** When a caller was last let in with something, and what that was: all that can be known of what it sends. */
  const lastLetIn = ({ lastToken, lastSeenAt, liveAt, notLiveAt }: CallerFacts) => {
    if (lastToken !== "none") return lastSeenAt;
    return [liveAt, notLiveAt].reduce((one, other) => (one === null || (other && other > one) ? other : one));
  };

  it("keeps its instance from being ready, whenever it was heard, unless the last that it was let in with is live", () => {
    fc.assert(
      fc.property(caller, evidence, (one, from) => {
        const [judged] = judge([one], from, now);
        const letIn = lastLetIn(one);
        if (!judged || letIn === null || judged.verdict === "ready") return;
        if (one.lastToken === "none" && one.liveAt === letIn && letIn >= from.live) return;
        expect(blocks(judged)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("is unproven when it was last heard before the token changed, a minute or weeks ago", () => {
    for (const lastToken of ["missing", "malformed", "unknown", "retired", "current", "live"] as const) {
      for (const minutes of [6, 6 * 7 * 24 * 60]) {
        const silent = seen({ lastToken, lastSeenAt: ago(minutes), liveAt: null, notLiveAt: ago(minutes) });
        expect(isUnproven(silent, heldFor(5), now), `${lastToken}, ${minutes} minutes ago`).toBe(true);
      }
    }
  });

  it("is proven again by its first request, and unproven with the next token", () => {
    const switched = seen({ lastSeenAt: ago(1), liveAt: ago(1), notLiveAt: ago(6) });
    expect(isUnproven(switched, heldFor(5), now)).toBe(false);
    expect(isUnproven(switched, heldFor(0), now)).toBe(true);
  });

  it("has something to lose only if it was ever let in", () => {
    const paused = (more: Partial<CallerFacts>) =>
      isUnproven(seen({ lastToken: "none", liveAt: null, ...more }), heldFor(9), now);
    expect(paused({})).toBe(false);
    expect(paused({ lastSeenAt: ago(20) })).toBe(false);
    expect(paused({ notLiveAt: ago(20) })).toBe(true);
    expect(paused({ liveAt: ago(20) })).toBe(true);
    expect(paused({ liveAt: ago(5), notLiveAt: ago(20) }), "what it sent last is live").toBe(false);
  });
});

describe("the summary", () => {
  it("adds up, and says the same as the verdicts", () => {
    fc.assert(
      fc.property(fc.array(caller), evidence, (callers, from) => {
        const judged = judge(callers, from, now);
        const summary = summarise(judged, ({ instanceId }) => instanceId === "two");
        const shown = judged.filter((each) => !isDismissed(each.caller));
        const own = shown.filter((each) => !each.caller.others);
        const all = Object.values(summary.counts).reduce((sum, count) => sum + count, 0);
        expect(all).toBe(own.length);
        expect(summary.dismissed).toBe(callers.length - shown.length);
        expect(summary.wouldReject + summary.rejectsNow).toBe(
          summary.counts.rejected + summary.counts.wrong_token,
        );
        expect(summary.mightReject + summary.mightRejectNow).toBe(own.filter((each) => each.unproven).length);
        const broken = shown.filter(blocks).map((each) => each.caller.instanceId);
        const unready = [...readinessByInstance(judged)].filter(([, readiness]) => !isReady(readiness));
        expect(new Set(unready.map(([id]) => id))).toEqual(new Set(broken));
      }),
    );
  });

  it("brings back a dismissed caller that calls again", () => {
    expect(isDismissed(seen({ lastSeenAt: ago(5), dismissedAt: ago(5) }))).toBe(true);
    expect(isDismissed(seen({ lastSeenAt: ago(4), dismissedAt: ago(5) }))).toBe(false);
  });
});

describe("since when requests prove something", () => {
  const token = (createdMinutesAgo: number, retired: number | null, current = false) => ({
    createdAt: ago(createdMinutesAgo),
    retireAt: retired === null ? null : ago(retired),
    current,
  });

  test.each([
    ["never without a token", [token(50, 40)], null],
    ["the making of the only token", [token(30, null, true)], ago(30)],
    ["the making of the old one while both are accepted", [token(10, null, true), token(30, -5)], ago(30)],
    ["the same without an end", [token(10, null, true), token(30, null)], ago(30)],
    ["the end of the old one, once gates know it", [token(10, null, true), token(30, 5)], settled(5)],
    ["the end at this very instant, once gates know it", [token(10, null, true), token(30, 0)], settled(0)],
    ["the making of a token after another was removed", [token(10, null, true), token(30, 20)], ago(10)],
  ])("is %s", (_, spans, expected) => {
    expect(evidenceOf(spans, now)?.live ?? null).toEqual(expected);
  });

  test.each([
    ["the making of the only token", [token(30, null, true)], ago(30)],
    [
      "the making of the first of those that replaced one another",
      [token(10, null, true), token(30, 10), token(50, 30)],
      ago(50),
    ],
    ["the making of the old one while both are accepted", [token(10, null, true), token(30, null)], ago(30)],
    ["the making of the old one after it ended", [token(10, null, true), token(30, 5)], ago(30)],
    ["the making of a token after another was removed", [token(10, null, true), token(30, 20)], ago(10)],
  ])("is for what is no token %s", (_, spans, expected) => {
    expect(evidenceOf(spans, now)?.tokenless).toEqual(expected);
  });
});

describe("the share of traffic that is ready", () => {
  const requests = [86, 10, 4, 1000];
  const callers = [
    seen({ instanceId: "0" }),
    seen({ instanceId: "1", lastToken: "missing" }),
    seen({ instanceId: "2", lastToken: "unknown" }),
    seen({ instanceId: "3", lastToken: "missing", dismissedAt: ago(0) }),
  ];
  const share = (of: readonly CallerFacts[]) =>
    readyShare(judge(of, heldFor(9), now), ({ instanceId }) => requests[Number(instanceId)] ?? 0);

  it("is what callers that are ready sent, of all that callers sent that were not called gone", () => {
    expect(share(callers)).toBe(0.86);
    expect(share(callers.slice(0, 1)), "whatever they sent before they were ready").toBe(1);
    expect(share([])).toBeNull();
    expect(readyShare(judge(callers, heldFor(9), now), () => 0)).toBeNull();
  });
});
