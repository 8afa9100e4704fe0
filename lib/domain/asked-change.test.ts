import { describe, expect, test } from "vitest";
import { fateOfAsked, hasForecastChanged } from "./asked-change";
import type { ActivationForecast, BreakingCaller, UnprovenCaller } from "./caller-view";
import type { TokenChange } from "./enforcement";
import type { SecurityTokenView } from "./security-token";

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

const caller = (id: string, more: Partial<BreakingCaller> = {}): BreakingCaller => ({
  id,
  name: null,
  agent: "curl",
  address: "203.0.113.9",
  others: false,
  instanceName: "Shop",
  verdict: "rejected",
  lastToken: "missing",
  lastSeenAt: new Date(1000),
  notLiveAt: new Date(1000),
  expectation: null,
  ...more,
});

const silent = (id: string, more: Partial<UnprovenCaller> = {}): UnprovenCaller => ({
  ...caller(id),
  lastSeenAt: new Date(1000),
  requests: 12,
  ...more,
});

const read: ActivationForecast = {
  callers: [caller("a"), caller("b")],
  more: [],
  total: 2,
  others: 0,
  unproven: { callers: [silent("c")], more: [], total: 1, others: 0 },
  unchecked: 1,
  dismissed: 0,
  heard: true,
  readyInstances: 2,
  unreadyInstances: 1,
  readyNames: ["Till", "Depot"],
};

describe("a forecast", () => {
  test("stays the same when a caller that would be rejected merely calls again", () => {
    const again = [caller("b", { notLiveAt: new Date(2000) }), caller("a")];
    expect(hasForecastChanged(read, { ...read, callers: again })).toBe(false);
    const fewer = { ...read.unproven, callers: [silent("c", { requests: 11 })] };
    expect(hasForecastChanged(read, { ...read, unproven: fewer }), "an hour later").toBe(false);
  });

  test.each<Partial<ActivationForecast>>([
    { callers: [caller("a")], total: 1 },
    { callers: [caller("a"), caller("c")] },
    { callers: [caller("a"), caller("b", { lastToken: "instance_token", verdict: "wrong_token" })] },
    { unchecked: 0 },
    { unproven: { callers: [], more: [], total: 0, others: 0 } },
    { unproven: { callers: [silent("d")], more: [], total: 1, others: 0 } },
    { unproven: { callers: [silent("c", { lastToken: "retired" })], more: [], total: 1, others: 0 } },
    { unproven: { ...read.unproven, others: 1 } },
    { others: 1 },
    { dismissed: 1 },
    { readyInstances: 3, unreadyInstances: 0 },
  ])("is another one with %j", (difference) => {
    expect(hasForecastChanged(read, { ...read, ...difference })).toBe(true);
  });

  test("of more callers than are named is the same whichever are named", () => {
    const many = { ...read, total: 40 };
    expect(hasForecastChanged(many, { ...many, callers: [caller("x"), caller("y")] })).toBe(false);
    expect(hasForecastChanged(many, { ...many, total: 41 })).toBe(true);
  });
});
