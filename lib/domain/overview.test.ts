import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { type TroubledCaller, troubledCallers, troubles } from "./overview";
import { breaks, type Judged, type Verdict, verdicts } from "./preflight";

const lastSeenAt = new Date("2026-11-30T12:00:00Z");

interface TestCaller extends Omit<TroubledCaller, "trouble" | "stopped" | "expectation"> {
  readonly firstSeenAt: Date;
  readonly liveAt: null;
  readonly notLiveAt: null;
  readonly relapsedAt: null;
  readonly relapsedFrom: null;
  readonly dismissedAt: Date | null;
  readonly leftOutAt: null;
  readonly enforced: boolean;
}

interface Case {
  readonly verdict: Verdict;
  readonly enforced: boolean;
  readonly dismissed: boolean;
  readonly stopped: boolean;
  readonly others: boolean;
}

const judged: fc.Arbitrary<Case> = fc.record({
  verdict: fc.constantFrom(...verdicts),
  enforced: fc.boolean(),
  dismissed: fc.boolean(),
  stopped: fc.boolean(),
  others: fc.boolean(),
});

function callersOf(cases: readonly Case[]) {
  return cases.map(({ verdict, enforced, dismissed, others }, index): Judged<TestCaller> => {
    const label = { id: String(index), name: null, agent: "n8n", address: "203.0.113.9", others };
    const where = { instanceId: "i", instanceName: "Night orders", enforced };
    const seen = { firstSeenAt: lastSeenAt, lastSeenAt, lastToken: "missing" as const, liveAt: null };
    const before = { notLiveAt: null, relapsedAt: null, relapsedFrom: null };
    const caller = {
      ...label,
      ...where,
      ...seen,
      ...before,
      dismissedAt: dismissed ? lastSeenAt : null,
      leftOutAt: null,
    };
    return { caller, verdict, unproven: false, expectation: null };
  });
}

describe("callers that need a hand", () => {
  it("are all that are rejected, would be, or are overdue, once each, those in trouble now first, dismissed ones never", () => {
    fc.assert(
      fc.property(fc.array(judged, { maxLength: 30 }), (cases) => {
        const stopped = cases.flatMap(({ stopped }, index) =>
          stopped ? [{ id: String(index), reason: "missing" as const, mixes: false }] : [],
        );
        const found = troubledCallers(callersOf(cases), stopped, ({ enforced }) => enforced);
        const expected = cases.filter(
          ({ dismissed, stopped, verdict }) =>
            !dismissed && (stopped || breaks(verdict) || verdict === "overdue"),
        );
        expect(found.total).toBe(expected.length);
        expect(found.callers).toHaveLength(Math.min(8, expected.length));
        expect(new Set(found.callers.map(({ id }) => id)).size).toBe(found.callers.length);
        const ranks = found.callers.map(({ trouble }) => troubles.indexOf(trouble));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        const fine = cases.filter(({ dismissed, others }) => !dismissed && !others);
        const count = (wanted: string) => fine.filter(({ verdict }) => verdict === wanted).length;
        expect([found.ready, found.waiting]).toEqual([count("ready"), count("waiting")]);
      }),
    );
  });

  test.each([
    ["rejected", true, false, "rejected"],
    ["wrong_token", true, false, "rejected"],
    ["wrong_token", false, false, "wrong_token"],
    ["rejected", false, false, "tokenless"],
    ["overdue", true, false, "overdue"],
    ["ready", true, true, "stopped"],
  ] as const)("%s, enforced %s, stopped %s: %s", (verdict, enforced, stopped, trouble) => {
    const callers = callersOf([{ verdict, enforced, stopped, dismissed: false, others: false }]);
    const ended = stopped ? [{ id: "0", reason: "missing" as const, mixes: true }] : [];
    const found = troubledCallers(callers, ended, (caller) => caller.enforced);
    expect(found.callers).toMatchObject([{ trouble }]);
  });
});
