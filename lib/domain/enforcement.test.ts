import { describe, expect, test } from "vitest";
import {
  canChange,
  covers,
  type Enforcement,
  type TokenChange,
  type TokenStatus,
  tokenStatus,
} from "./enforcement";

describe("enforcement", () => {
  test.each<[Enforcement, boolean, boolean]>([
    ["off", false, false],
    ["off", true, false],
    ["staged", false, false],
    ["staged", true, true],
    ["on", false, true],
    ["on", true, true],
  ])("%s with the instance's own switch %s demands the token: %s", (enforcement, own, demanded) => {
    expect(covers(enforcement, own)).toBe(demanded);
  });

  test("without a token the status is none, whatever is stored beside it", () => {
    for (const enforcement of ["off", "staged", "on"] as const)
      expect(tokenStatus(false, enforcement)).toBe("none");
  });

  test("with a token the status follows enforcement", () => {
    expect(tokenStatus(true, "off")).toBe("disabled");
    expect(tokenStatus(true, "staged")).toBe("staged");
    expect(tokenStatus(true, "on")).toBe("active");
  });

  test("the state machine allows exactly these changes", () => {
    const statuses: TokenStatus[] = ["none", "disabled", "staged", "active"];
    const changes: TokenChange[] = ["configure", "regenerate", "activate", "deactivate", "remove"];
    const possible = statuses.flatMap((status) =>
      changes.filter((change) => canChange(status, change)).map((change) => `${status} ${change}`),
    );
    expect(possible).toEqual([
      "none configure",
      "disabled regenerate",
      "disabled activate",
      "disabled remove",
      "staged activate",
      "staged deactivate",
      "active deactivate",
    ]);
  });
});
