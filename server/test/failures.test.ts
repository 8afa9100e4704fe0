import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "../checkout";
import { playwrightFailures, vitestFailures } from "./failures";

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
