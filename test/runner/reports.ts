import { relative } from "node:path";
import { z } from "zod";
import { checkout } from "@/server/folders";

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
export function sumTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

interface Spec {
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly ok: boolean;
}

const spec = z.object({ title: z.string(), file: z.string(), line: z.number(), ok: z.boolean() });
const playwrightSuite = z.object({
  specs: z.array(spec).default([]),
  get suites() {
    return z.array(playwrightSuite).default([]);
  },
});
type PlaywrightSuite = z.infer<typeof playwrightSuite>;

/** The first line, without the colours of a terminal. */
function firstLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replace(/\u001b\[[\d;]*m/g, "").split("\n")[0] ?? "";
}

/** What failed in Vitest's JSON report: a line a test, or a file that could not be loaded. */
export function vitestFailures(report: unknown): string[] {
  const parsed = vitestReport.safeParse(report);
  if (!parsed.success) return [];
  return parsed.data.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(checkout, name);
    const failed = assertionResults.filter((result) => result.status === "failed");
    if (failed.length === 0 && status === "failed") return [`${file}: ${firstLine(message)}`];
    return failed.map(
      ({ fullName, failureMessages }) => `${file}: ${fullName}: ${firstLine(failureMessages?.[0] ?? "")}`,
    );
  });
}

function specsOf(suite: PlaywrightSuite): Spec[] {
  return [...suite.specs, ...suite.suites.flatMap(specsOf)];
}

/** What failed in Playwright's JSON report, a line a journey. */
export function playwrightFailures(report: unknown): string[] {
  const parsed = playwrightSuite.safeParse(report);
  if (!parsed.success) return [];
  return specsOf(parsed.data)
    .filter(({ ok }) => !ok)
    .map(({ file, line, title }) => `e2e/${file}:${line}: ${title}`);
}
