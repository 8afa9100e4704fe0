import { relative } from "node:path";
import { z } from "zod";
import { checkout } from "../checkout";

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
