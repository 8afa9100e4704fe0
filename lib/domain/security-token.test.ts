import { describe, expect, test } from "vitest";
import type { TokenChange, TokenStatus } from "./enforcement";
import { fateOfAsked, type NextStep, nextStep, type SecurityTokenView } from "./security-token";

test.each<[TokenStatus, number, NextStep]>([
  ["none", 0, "create_instance"],
  ["disabled", 0, "create_instance"],
  ["none", 2, "configure_token"],
  ["disabled", 2, "activate_token"],
  ["staged", 2, "activate_token"],
  ["active", 2, "none"],
])("with the token %s and %i instances the next step is %s", (status, totalInstances, step) => {
  expect(nextStep({ status, totalInstances })).toBe(step);
});

const active: SecurityTokenView = {
  status: "active",
  lastFour: "09t1",
  createdAt: new Date(0),
  enforcedInstances: 2,
  totalInstances: 2,
  tokenId: "one",
  retiring: null,
};
const rotating: SecurityTokenView = {
  ...active,
  retiring: { id: "zero", lastFour: "08t0", retireAt: null },
};
const disabled: SecurityTokenView = { ...active, status: "disabled", enforcedInstances: 0 };

describe("a question about the token", () => {
  test.each<[TokenChange, SecurityTokenView]>([
    ["activate", disabled],
    ["regenerate", disabled],
    ["remove", disabled],
    ["rotate", active],
    ["replace", rotating],
    ["finish", rotating],
    ["deactivate", rotating],
  ])("%s stands while the token and its rotation are the same, and falls with them", (change, seen) => {
    expect(fateOfAsked(change, seen, { ...seen, totalInstances: 9, enforcedInstances: 9 })).toBe("stands");
    const after = change === "deactivate" ? "renewed" : "over";
    expect(fateOfAsked(change, seen, { ...seen, tokenId: "two", lastFour: "1234" })).toBe(after);
  });

  test("about a rotation is over with it, also when another one has begun", () => {
    expect(fateOfAsked("finish", rotating, active)).toBe("over");
    const another = { ...rotating, retiring: { id: "other", lastFour: "1111", retireAt: null } };
    expect(fateOfAsked("finish", rotating, another)).toBe("over");
    expect(fateOfAsked("replace", rotating, active)).toBe("over");
    expect(fateOfAsked("deactivate", rotating, active)).toBe("renewed");
  });

  test("is over once somebody else has done it, and not by a change of a switch", () => {
    expect(fateOfAsked("deactivate", active, disabled)).toBe("over");
    expect(fateOfAsked("activate", disabled, active)).toBe("over");
    const staged = { ...disabled, status: "staged" as const, enforcedInstances: 1 };
    expect(fateOfAsked("activate", disabled, staged)).toBe("stands");
    expect(fateOfAsked("regenerate", disabled, staged)).toBe("over");
  });
});
