import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "@/server/folders";
import {
  playwrightFailures,
  playwrightTally,
  settle,
  sumTallies,
  vitestFailures,
  vitestTally,
} from "./reports";

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
    expect(sumTallies([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});

describe("failures at a glance", () => {
  it("names each failed test of Vitest, and each file that could not be loaded", () => {
    const passed = { fullName: "a sum is right", status: "passed", failureMessages: [] };
    const failed = {
      fullName: "a sum is wrong",
      status: "failed",
      failureMessages: ["\u001b[31mexpected 3 to be 4\u001b[39m\n at x.ts"],
    };
    const testResults = [
      { name: join(checkout, "lib/sum.test.ts"), status: "failed", assertionResults: [passed, failed] },
      {
        name: join(checkout, "lib/gone.test.ts"),
        status: "failed",
        message: "Cannot find ./gone\nat y.ts",
        assertionResults: [],
      },
    ];
    expect(vitestFailures({ testResults })).toEqual([
      "lib/sum.test.ts: a sum is wrong: expected 3 to be 4",
      "lib/gone.test.ts: Cannot find ./gone",
    ]);
  });

  it("names each failed journey, however deep its suite", () => {
    const spec = (title: string, ok: boolean) => ({ title, file: "a.spec.ts", line: 7, ok });
    const report = {
      suites: [{ specs: [spec("goes well", true)], suites: [{ specs: [spec("breaks", false)] }] }],
    };
    expect(playwrightFailures(report)).toEqual(["e2e/a.spec.ts:7: breaks"]);
  });

  it.each([undefined, null, 7, {}])("says nothing about %j", (report) => {
    expect([vitestFailures(report), playwrightFailures(report)]).toEqual([[], []]);
  });
});
