import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { clockSkew, clocksAgree, confirmationBounds, confirmationOf, type GateProcess } from "./confirmation";

const changedAt = new Date("2026-11-24T12:00:00.000Z");
const at = (ms: number) => new Date(changedAt.getTime() + ms);

function processOf(more: Partial<GateProcess> = {}): GateProcess {
  return {
    gateId: "a",
    host: "web-1",
    pid: 1,
    lastSeenAt: at(0),
    stalenessMs: 60_000,
    clockAheadMs: null,
    caughtUp: false,
    appliedAt: null,
    ...more,
  };
}

const reports = (ms: number, ...processes: GateProcess[]) => ({ changedAt, now: at(ms), processes });

const anyProcess: fc.Arbitrary<GateProcess> = fc
  .record({
    gateId: fc.constantFrom("a", "b", "c"),
    seen: fc.integer({ min: -200_000, max: 1000 }),
    stalenessMs: fc.integer({ min: 100, max: 90_000 }),
    caughtUp: fc.boolean(),
    applied: fc.option(fc.integer({ min: 0, max: 900 }), { nil: null }),
  })
  .map(({ seen, applied, ...rest }) =>
    processOf({ ...rest, lastSeenAt: at(seen), appliedAt: applied === null ? null : at(applied) }),
  );

describe("what the gates have confirmed", () => {
  it("counts every gate once, and as confirmed only when all its processes have confirmed", () => {
    fc.assert(
      fc.property(fc.array(anyProcess), (processes) => {
        const { gates, confirmed, waiting, tookMs } = confirmationOf(reports(1000, ...processes));
        const there = processes.filter(
          ({ lastSeenAt, stalenessMs }) =>
            lastSeenAt.getTime() + stalenessMs + confirmationBounds.graceMs > at(1000).getTime(),
        );
        const ids = new Set(there.map(({ gateId }) => gateId));
        const late = there.filter(({ caughtUp, appliedAt }) => !caughtUp && appliedAt === null);
        expect(gates).toBe(ids.size);
        expect(new Set(waiting.map(({ gateId }) => gateId))).toEqual(
          new Set(late.map((each) => each.gateId)),
        );
        expect(confirmed).toBe(gates - waiting.length);
        if (waiting.length > 0) expect(tookMs).toBeNull();
      }),
    );
  });

  it("names each gate once whose clock is off, whether it has confirmed or not", () => {
    const found = confirmationOf(
      reports(
        1000,
        processOf({ caughtUp: true, clockAheadMs: 3000 }),
        processOf({ caughtUp: true, clockAheadMs: 3001 }),
        processOf({ gateId: "b", host: "web-2", clockAheadMs: -2000 }),
        processOf({ gateId: "c" }),
        processOf({ gateId: "d", clockAheadMs: 9000, lastSeenAt: at(-200_000) }),
      ),
    );
    expect(found.wrongClocks).toEqual([
      { gateId: "a", host: "web-1", pid: 1, aheadMs: 3000 },
      { gateId: "b", host: "web-2", pid: 1, aheadMs: -2000 },
    ]);
  });

  it("takes as long as the slowest process", () => {
    const found = confirmationOf(
      reports(
        1000,
        processOf({ appliedAt: at(4) }),
        processOf({ appliedAt: at(12) }),
        processOf({ gateId: "b", appliedAt: at(7) }),
        processOf({ gateId: "c", caughtUp: true }),
      ),
    );
    expect(found).toMatchObject({ gates: 3, confirmed: 3, tookMs: 12, waiting: [] });
  });

  it("says no time when every gate began after the change, or a clock went back", () => {
    expect(confirmationOf(reports(0, processOf({ caughtUp: true }))).tookMs).toBeNull();
    expect(confirmationOf(reports(0, processOf({ appliedAt: at(-5) }))).tookMs).toBe(0);
  });

  it("says of a gate that is late since when it is not heard, and from when on that harms nobody", () => {
    const late = processOf({ lastSeenAt: at(-1000) });
    expect(confirmationOf(reports(13_999, late)).waiting).toEqual([
      { gateId: "a", host: "web-1", pid: 1, silentSince: null, harmlessAt: at(59_000) },
    ]);
    expect(confirmationOf(reports(14_000, late)).waiting[0]?.silentSince).toEqual(at(-1000));
  });

  it("leaves a silent gate out once its memory does not count any more, and not before", () => {
    const silent = processOf({ stalenessMs: 2000 });
    const bounds = { silentMs: 500, graceMs: 1000 };
    expect(confirmationOf(reports(2999, silent), bounds)).toMatchObject({ gates: 1, confirmed: 0 });
    expect(confirmationOf(reports(3000, silent), bounds)).toMatchObject({ gates: 0, waiting: [] });
  });

  it("knows no gate before one has reported", () => {
    expect(confirmationOf(reports(0))).toMatchObject({ gates: 0, confirmed: 0, tookMs: null, waiting: [] });
  });
});

const start = 1_700_000_000_000;

/** A clock that is ahead by so much, asked over a connection that takes so long each way. */
const skewOf = (aheadMs: number, there: number, back: number) =>
  clockSkew({ askedAt: start + aheadMs, answeredAt: start + aheadMs + there + back, other: start + there });

test.each<[ahead: number, there: number, back: number, agree: boolean | null]>([
  [0, 1, 1, true],
  [999, 1, 1, true],
  [-999, 1, 1, true],
  [1002, 1, 1, false],
  [-1002, 1, 1, false],
  [3_600_000, 20, 20, false],
  // The answer was slow: it could be the way.
  [0, 3000, 0, null],
  [0, 0, 3000, null],
  [1000, 50, 50, null],
])("a clock %d ms ahead, %d ms and %d ms away: agrees %s", (ahead, there, back, agree) => {
  expect(clocksAgree(skewOf(ahead, there, back))).toBe(agree);
});

test("the true difference is never further away than said, so nobody is blamed for a slow answer", () => {
  const ms = fc.integer({ min: 0, max: 60_000 });
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), ms, ms, (ahead, there, back) => {
      const skew = skewOf(ahead, there, back);
      expect(Math.abs(skew.aheadMs - ahead)).toBeLessThanOrEqual(skew.uncertainMs);
      if (Math.abs(ahead) <= 1000) expect(clocksAgree(skew)).not.toBe(false);
      else expect(clocksAgree(skew)).not.toBe(true);
    }),
  );
});
