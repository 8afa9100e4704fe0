import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { isReady, readinessByInstance } from "./instance-readiness";
import {
  breaks,
  type CallerFacts,
  evidenceSince,
  isDismissed,
  judge,
  readyShare,
  recentMs,
  summarise,
  verdictOf,
} from "./preflight";
import { isLiveToken, type SeenToken } from "./seen-token";

const now = new Date("2026-11-24T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
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
    liveBefore: fc.boolean(),
    dismissed: fc.option(fc.integer({ min: 0, max: 4000 }), { nil: null }),
  })
  .map(({ lastToken, seen, other, dismissed, ...rest }): CallerFacts => {
    const before = other === null ? null : ago(seen + other);
    return {
      ...rest,
      lastToken,
      lastSeenAt: ago(seen),
      liveAt: isLiveToken(lastToken) ? ago(seen) : before,
      notLiveAt: isLiveToken(lastToken) || lastToken === "none" ? before : ago(seen),
      dismissedAt: dismissed === null ? null : ago(dismissed),
    };
  });

const since = fc.integer({ min: 0, max: 5000 }).map(ago);

function seen(more: Partial<CallerFacts> = {}): CallerFacts {
  return {
    instanceId: "one",
    others: false,
    lastSeenAt: ago(1),
    lastToken: "current",
    liveAt: ago(1),
    notLiveAt: null,
    liveBefore: false,
    dismissedAt: null,
    ...more,
  };
}

describe("a verdict", () => {
  it("is ready only when the latest request carried a token that is live now", () => {
    fc.assert(
      fc.property(caller, since, (one, from) => {
        const verdict = verdictOf(one, from, now);
        if (verdict !== "ready") return;
        expect(isLiveToken(one.lastToken)).toBe(true);
        expect(one.lastSeenAt.getTime()).toBeGreaterThanOrEqual(from.getTime());
      }),
      { numRuns: 1000 },
    );
  });

  it("is quiet for whoever was not heard since, whatever it sent before", () => {
    fc.assert(
      fc.property(caller, since, (one, from) => {
        if (one.lastSeenAt < from) expect(verdictOf(one, from, now)).toBe("quiet");
        else if (one.lastToken !== "none") expect(verdictOf(one, from, now)).not.toBe("quiet");
      }),
    );
  });

  it("tells nothing sent from something wrong sent", () => {
    expect(verdictOf(seen({ lastToken: "missing", notLiveAt: ago(1) }), ago(9), now)).toBe("rejected");
    for (const lastToken of ["malformed", "unknown", "retired", "instance_token", "duplicate"] as const) {
      expect(verdictOf(seen({ lastToken, notLiveAt: ago(1) }), ago(9), now)).toBe("wrong_token");
    }
  });

  it("follows the first request with the token at once", () => {
    expect(verdictOf(seen({ notLiveAt: ago(2) }), ago(9), now)).toBe("ready");
  });

  it("does not trust a caller that goes on mixing, until it has not for an hour", () => {
    const mixing = (minutes: number) => seen({ notLiveAt: ago(minutes), liveBefore: true });
    const hour = recentMs / 60_000;
    expect(verdictOf(mixing(2), ago(900), now)).toBe("rejected");
    expect(verdictOf(mixing(hour - 1), ago(900), now)).toBe("rejected");
    expect(verdictOf(mixing(hour), ago(900), now)).toBe("ready");
    expect(verdictOf(mixing(20), ago(10), now), "that was before this token").toBe("ready");
  });

  it("calls folded callers ready only when none of them came without a live token", () => {
    expect(verdictOf(seen({ others: true }), ago(900), now)).toBe("ready");
    expect(verdictOf(seen({ others: true, notLiveAt: ago(800) }), ago(900), now)).toBe("rejected");
    expect(verdictOf(seen({ others: true, notLiveAt: ago(901) }), ago(900), now)).toBe("ready");
  });

  it("warns by the request before when the latest was refused before its token was looked at", () => {
    const paused = (more: Partial<CallerFacts>) =>
      verdictOf(seen({ lastToken: "none", ...more }), ago(9), now);
    expect(paused({ liveAt: ago(5) })).toBe("quiet");
    expect(paused({ liveAt: ago(5), notLiveAt: ago(4) })).toBe("rejected");
    expect(paused({ liveAt: ago(4), notLiveAt: ago(5) })).toBe("quiet");
    expect(paused({ liveAt: null, notLiveAt: ago(20) })).toBe("quiet");
  });

  it("counts the very moment the token was made as since", () => {
    expect(verdictOf(seen({ lastSeenAt: ago(9), liveAt: ago(9) }), ago(9), now)).toBe("ready");
  });
});

describe("the summary", () => {
  it("adds up, and says the same as the verdicts", () => {
    fc.assert(
      fc.property(fc.array(caller), since, (callers, from) => {
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
        const broken = shown.filter((each) => breaks(each.verdict)).map((each) => each.caller.instanceId);
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
    ["the end of the old one", [token(10, null, true), token(30, 5)], ago(5)],
    ["the end at this very instant", [token(10, null, true), token(30, 0)], ago(0)],
    ["the making of a token after another was removed", [token(10, null, true), token(30, 20)], ago(10)],
  ])("is %s", (_, spans, expected) => {
    expect(evidenceSince(spans, now)).toEqual(expected);
  });
});

describe("the share of traffic that is ready", () => {
  it("leaves out requests whose token nobody looked at", () => {
    const counts = [
      { token: "retiring", requests: 86 },
      { token: "missing", requests: 10 },
      { token: "unknown", requests: 4 },
      { token: "none", requests: 1000 },
    ];
    expect(readyShare(counts)).toBe(0.86);
    expect(readyShare([{ token: "none", requests: 5 }])).toBeNull();
    expect(readyShare([])).toBeNull();
  });
});
