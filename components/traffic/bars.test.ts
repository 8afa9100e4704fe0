import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { axisTop, barParts } from "./bars";

describe("an axis", () => {
  test.each([
    [1, 2],
    [2, 2],
    [3, 4],
    [9, 10],
    [10, 10],
    [11, 20],
    [1_534, 2_000],
    [61_000, 80_000],
  ])("for values up to %i ends at %i", (most, top) => {
    expect(axisTop(most)).toBe(top);
  });

  it("holds every bar, and shows whatever is there", () => {
    const requests = fc.integer({ min: 0, max: 10_000_000 });
    fc.assert(
      fc.property(requests, requests, (accepted, rejected) => {
        const top = axisTop(accepted + rejected);
        expect(top).toBeGreaterThanOrEqual(accepted + rejected);
        expect(Number.isInteger(top / 2)).toBe(true);
        const parts = barParts(accepted, rejected, top);
        expect(parts.lower + parts.upper).toBeLessThanOrEqual(100.001);
        expect(parts.upper > 0).toBe(rejected > 0);
        expect(parts.lower > 0).toBe(accepted > 0);
      }),
    );
  });
});
