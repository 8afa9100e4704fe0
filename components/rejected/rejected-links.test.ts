import { describe, expect, it, test } from "vitest";
import { fixHref, type RejectedPlace, rejectedHref, rejectedQuery } from "./rejected-links";

describe("the address of a list of rejected requests", () => {
  test.each<[RejectedPlace, string]>([
    [{}, "/activity/rejected"],
    [{ range: "day", by: "reason", reason: null, caller: "", instance: "", page: 1 }, "/activity/rejected"],
    [{ range: "week", page: 3 }, "/activity/rejected?traffic=week&page=3"],
    [{ reason: "missing", caller: "n8n & co" }, "/activity/rejected?reason=missing&caller=n8n+%26+co"],
  ])("for %j is %s", (place, href) => {
    expect(rejectedHref(place)).toBe(href);
  });

  it("is read back as it was written", () => {
    const place = {
      range: "month",
      by: "instance",
      reason: "address",
      caller: "10.0.0.1",
      instance: "Night = day",
    } as const;
    const query = Object.fromEntries(new URL(rejectedHref({ ...place, page: 2 }), "http://x").searchParams);
    expect(rejectedQuery(query)).toEqual({ ...place, page: "2" });
  });

  it("takes what is given twice for not given", () => {
    expect(rejectedQuery({ reason: ["missing", "address"] }).reason).toBeUndefined();
  });
});

test.each([
  ["instance_token", "/instances/abc#call-samples"],
  ["retired", "/security#account-security-token"],
  ["address", "/security/addresses"],
  ["endpoint", "/instances/abc#endpoint-rules"],
  ["instance_paused", "/instances/abc"],
] as const)("a rejection for %s is mended at %s", (reason, href) => {
  expect(fixHref(reason, "abc")).toBe(href);
});
