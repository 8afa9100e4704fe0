import { describe, expect, test } from "vitest";
import {
  afterSwitch,
  canChange,
  type Enforcement,
  isEnforced,
  protectionOf,
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
  ])("%s with the instance's own switch %s enforces the token: %s", (enforcement, own, enforced) => {
    expect(isEnforced(enforcement, own)).toBe(enforced);
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

  const statuses: TokenStatus[] = ["none", "disabled", "staged", "active"];
  const changes: TokenChange[] = [
    "configure",
    "regenerate",
    "activate",
    "deactivate",
    "remove",
    "enforce",
    "release",
    "rotate",
    "replace",
    "finish",
  ];
  const possible = (rotating: boolean) =>
    statuses.map((status) =>
      [status, ...changes.filter((change) => canChange(status, change, rotating))].join(" "),
    );

  test("the state machine allows exactly these changes", () => {
    expect(possible(false)).toEqual([
      "none configure",
      "disabled regenerate activate remove enforce release",
      "staged activate deactivate enforce release rotate replace",
      "active deactivate enforce release rotate replace",
    ]);
  });

  test("during a rotation there is no second one, but it can be finished or the token replaced", () => {
    expect(possible(true)).toEqual([
      "none configure",
      "disabled regenerate activate remove enforce release finish",
      "staged activate deactivate enforce release replace finish",
      "active deactivate enforce release replace finish",
    ]);
  });

  test.each<[Enforcement, boolean, number, Enforcement, boolean]>([
    ["off", true, 0, "staged", false],
    ["staged", true, 3, "staged", false],
    ["on", true, 3, "on", false],
    ["staged", false, 2, "staged", false],
    ["staged", false, 0, "off", false],
    ["on", false, 2, "staged", true],
    ["on", false, 0, "off", false],
  ])(
    "%s, one instance switched to %s beside %s others: %s",
    (before, on, others, enforcement, keepOthers) => {
      expect(afterSwitch(before, on, others)).toEqual({ enforcement, keepOthers });
    },
  );
});

describe("what an instance asks for", () => {
  test.each<[TokenStatus, own: string, others: string]>([
    ["none", "open", "open"],
    ["disabled", "open", "open"],
    ["staged", "enforced", "open"],
    ["grace", "enforced", "known"],
    ["active", "enforced", "enforced"],
  ])("with the token %s: %s with its own switch on, %s without", (status, own, others) => {
    expect([protectionOf(status, true), protectionOf(status, false)]).toEqual([own, others]);
  });
});
