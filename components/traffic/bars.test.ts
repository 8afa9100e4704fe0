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
      fc.property(fc.tuple(requests, requests, requests), (counts) => {
        const all = counts.reduce((sum, each) => sum + each, 0);
        const top = axisTop(all);
        expect(top).toBeGreaterThanOrEqual(all);
        expect(Number.isInteger(top / 2)).toBe(true);
        const parts = barParts(counts, top);
        expect(parts.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(100.001);
        expect(parts.map((each) => each > 0)).toEqual(counts.map((each) => each > 0));
      }),
    );
  });
});
