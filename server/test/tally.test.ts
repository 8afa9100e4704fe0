import { describe, expect, it } from "vitest";
import { playwrightTally, settle, sum, vitestTally } from "./tally";

describe("tallies", () => {
  it("reads Vitest's report", () => {
    const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 1, numTodoTests: 1 };
    expect(vitestTally(report)).toEqual({ passed: 3, failed: 1, skipped: 2 });
  });

  it("counts a file that could not be loaded", () => {
    expect(vitestTally({ numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 1 }).failed).toBe(1);
  });

  it("reads Playwright's report and counts flaky tests as failed", () => {
    const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 2 } };
    expect(playwrightTally(report)).toEqual({ passed: 5, failed: 2, skipped: 2 });
  });

  it.each([undefined, null, 7, "text", {}, { stats: null }])(
    "takes %j as nothing run, which fails",
    (report) => {
      expect(settle(vitestTally(report), true).failed).toBe(1);
      expect(settle(playwrightTally(report), true).failed).toBe(1);
    },
  );

  it("fails a suite that ended badly though its tests passed", () => {
    expect(settle({ passed: 4, failed: 0, skipped: 0 }, false).failed).toBe(1);
    expect(settle({ passed: 4, failed: 2, skipped: 0 }, false).failed).toBe(2);
    expect(settle({ passed: 4, failed: 0, skipped: 0 }, true).failed).toBe(0);
  });

  it("sums", () => {
    const one = { passed: 1, failed: 2, skipped: 3 };
    expect(sum([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
