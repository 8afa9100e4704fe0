import { expect, test } from "vitest";
import { instancePolicy } from "@/test/support/instance-policy";
import { decide, type PolicyToken, packDigest, type RequestFacts } from "./gate";
import { overlaps, retirementAt } from "./rotation";

const start = new Date("2026-03-29T00:30:00.000Z");
const digest = (byte: number) => new Uint8Array(32).fill(byte);

const policy = (retiring: PolicyToken) =>
  instancePolicy("i", {
    tokenDigest: packDigest(digest(1)),
    tokens: [{ state: "current", digest: digest(2), retireAt: null }, retiring],
  });

const facts: RequestFacts = {
  instanceTokenDigest: digest(1),
  presented: { kind: "well_formed", value: "" },
  presentedDigest: digest(3),
  clientAddress: null,
  userAgent: null,
  method: "POST",
  path: "/send-text",
  query: "",
  headers: [],
};

test("an overlap ends so many milliseconds later, whatever the calendar does", () => {
  const ends = overlaps.map((overlap) => retirementAt(overlap, start)?.toISOString() ?? null);
  expect(ends).toEqual([
    "2026-03-29T01:30:00.000Z",
    "2026-03-30T00:30:00.000Z",
    "2026-04-05T00:30:00.000Z",
    null,
    "2026-03-29T00:30:00.000Z",
  ]);
});

test.each(["1h", "24h", "7d"] as const)(
  "the old token is live until the last millisecond of %s",
  (overlap) => {
    const retireAt = retirementAt(overlap, start);
    const end = retireAt?.getTime() ?? Number.NaN;
    const verdict = (at: number) => {
      const lookup = {
        kind: "found",
        policy: policy({ state: "retiring", digest: digest(3), retireAt }),
      } as const;
      const decision = decide(facts, lookup, new Date(at));
      return decision.kind === "allow" ? decision.token : decision.reason;
    };
    expect(verdict(end - 1)).toBe("retiring");
    expect(verdict(end)).toBe("retired");
    expect(verdict(end + 1)).toBe("retired");
    expect(verdict(start.getTime() - 1), "a clock that jumps back kills nobody").toBe("retiring");
  },
);
