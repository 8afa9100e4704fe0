import { describe, expect, it } from "vitest";
import { select, suiteOf } from "./selection";

const files = [
  "e2e/rotation.spec.ts",
  "e2e/fixtures.ts",
  "lib/domain/rotation.test.ts",
  "lib/domain/rotation.ts",
  "lib/services/security-token/rotation.db.test.ts",
  "server/gate.process.test.ts",
  "test/conformance/table.http.test.ts",
  "test/chaos/gate.chaos.test.ts",
  "test/deploy/image.deploy.test.ts",
];

describe("which tests run", () => {
  it("knows a file's suite by its name", () => {
    expect(files.map(suiteOf)).toEqual([
      "e2e",
      undefined,
      "unit",
      undefined,
      "db",
      "process",
      "http",
      "chaos",
      "deploy",
    ]);
  });

  it("takes every file of tests that has the filter in its path, suite by suite", () => {
    expect([...select(files, ["rotation", "server/", "test/chaos"])]).toEqual([
      ["e2e", ["e2e/rotation.spec.ts"]],
      ["unit", ["lib/domain/rotation.test.ts"]],
      ["db", ["lib/services/security-token/rotation.db.test.ts"]],
      ["process", ["server/gate.process.test.ts"]],
      ["chaos", ["test/chaos/gate.chaos.test.ts"]],
    ]);
  });

  it("refuses a filter that matches nothing, instead of passing with no test run", () => {
    expect(() => select(files, ["rotation", "rotatoin"])).toThrow("rotatoin");
  });
});
