/** How many tests of a suite ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

function numberAt(value: unknown, key: string): number {
  if (typeof value !== "object" || value === null) return 0;
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === "number" ? found : 0;
}

/** Reads the JSON report of Vitest. A file that could not even be loaded counts as one failed test. */
export function vitestTally(report: unknown): Tally {
  const failedTests = numberAt(report, "numFailedTests");
  return {
    passed: numberAt(report, "numPassedTests"),
    failed: failedTests || numberAt(report, "numFailedTestSuites"),
    skipped: numberAt(report, "numPendingTests") + numberAt(report, "numTodoTests"),
  };
}

/** Reads the JSON report of Playwright. A test that passed only sometimes has failed. */
export function playwrightTally(report: unknown): Tally {
  const stats: unknown = typeof report === "object" && report !== null && "stats" in report && report.stats;
  return {
    passed: numberAt(stats, "expected"),
    failed: numberAt(stats, "unexpected") + numberAt(stats, "flaky"),
    skipped: numberAt(stats, "skipped"),
  };
}

/**
 * Makes a suite's tally agree with how its program ended: a suite that ran nothing, or ended badly though
 * no test failed, counts as one failure.
 */
export function settle(tally: Tally, endedWell: boolean): Tally {
  const silent = tally.passed + tally.failed === 0 || (!endedWell && tally.failed === 0);
  return silent ? { ...tally, failed: tally.failed + 1 } : tally;
}

/** The sum of tallies. */
export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
