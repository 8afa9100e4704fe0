import fc from "fast-check";
import { expect, test } from "vitest";
import { clockSkew, clocksAgree } from "./confirmation";

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
