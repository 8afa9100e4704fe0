import { expect, test } from "vitest";
import { auditActions } from "./audit-event";
import { actionsOf, auditFilterIn, auditGroups, auditQueryOf, isNarrowed } from "./audit-filter";

test("every action is in exactly one group", () => {
  expect(auditGroups.flatMap(actionsOf).sort()).toEqual([...auditActions].sort());
});

test("a filter survives its way through the address bar", () => {
  for (const filter of [
    {},
    { actor: "ana@example.com", group: "token", from: "2026-02-28", to: "2026-03-01" },
    { actor: "" },
    { to: "2026-12-31" },
  ] as const) {
    expect(auditFilterIn(Object.fromEntries(auditQueryOf(filter)))).toEqual(filter);
    expect(isNarrowed(filter)).toBe(Object.keys(filter).length > 0);
  }
});

test("what makes no sense in the address bar does not narrow", () => {
  const odd = { actor: ["a", "b"], group: "constructor", from: "2026-02-30", to: "yesterday" };
  expect(auditFilterIn(odd)).toEqual({});
  expect(auditFilterIn({ actor: "", group: "", from: "", to: "" })).toEqual({});
  expect(auditFilterIn({ actor: "x".repeat(9999) }).actor).toHaveLength(320);
});
