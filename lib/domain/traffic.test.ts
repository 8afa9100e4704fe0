import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  endOfDay,
  hourMs,
  hourOf,
  lastDay,
  startOfDay,
  trafficRanges,
  trafficReasons,
  trafficSince,
  trafficView,
} from "./traffic";

const now = new Date("2026-11-24T17:45:10.500Z");
const zones = ["UTC", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Kiritimati", "America/New_York"];

/** Requests by hour: the one now, the one before, and so on. */
const row = fc.record({
  hour: fc
    .integer({ min: 0, max: 40 * 24 })
    .map((ago) => new Date(Math.floor(+now / hourMs) * hourMs - ago * hourMs)),
  outcome: fc.constantFrom("accepted", ...trafficReasons, "reason_of_a_newer_gate"),
  token: fc.constantFrom("none", "missing", "current", "retiring", "live"),
  requests: fc.integer({ min: 1, max: 1000 }),
});

describe("a view of traffic", () => {
  it("has 24 hours, 7 days or 30 days up to now, oldest first, with or without requests", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...trafficRanges),
        fc.constantFrom(...zones),
        fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true }),
        (range, zone, moment) => {
          const { buckets, unit } = trafficView([], range, moment, zone);
          expect(buckets).toHaveLength({ day: 24, week: 7, month: 30 }[range]);
          expect(unit).toBe(range === "day" ? "hour" : "day");
          const starts = buckets.map(({ start }) => start.getTime());
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
          expect(new Set(starts).size).toBe(starts.length);
          expect(starts[0]).toBeGreaterThanOrEqual(trafficSince(range, moment).getTime());
          expect(starts.at(-1)).toBeLessThanOrEqual(moment.getTime());
          const dayOf = (at: Date) => at.toLocaleDateString("en-CA", { timeZone: zone });
          // Where hours begin at half past, a day begins with its first whole hour.
          const lastHour = new Date(hourOf(moment.getTime()));
          if (unit === "day") expect(dayOf(new Date(starts.at(-1) ?? 0))).toBe(dayOf(lastHour));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("adds up: buckets to the total, reasons to the rejected, and every request of the last days is in it", () => {
    fc.assert(
      fc.property(
        fc.array(row),
        fc.constantFrom(...trafficRanges),
        fc.constantFrom(...zones),
        (rows, range, zone) => {
          const view = trafficView(rows, range, now, zone);
          const total = (key: "accepted" | "tokenless" | "rejected") =>
            view.buckets.reduce((sum, bucket) => sum + bucket[key], 0);
          expect([total("accepted"), total("rejected")]).toEqual([view.accepted, view.rejected]);
          expect(total("tokenless")).toBe(view.tokenless);
          for (const { accepted, tokenless, reasons, rejected } of [view, ...view.buckets]) {
            expect(tokenless).toBeLessThanOrEqual(accepted);
            expect(reasons.reduce((sum, { requests }) => sum + requests, 0)).toBe(rejected);
          }
          const first = view.buckets[0]?.start ?? now;
          const within = rows.filter(({ hour }) => hour >= first);
          expect(view.accepted + view.rejected).toBe(within.reduce((sum, { requests }) => sum + requests, 0));
        },
      ),
    );
  });

  it("counts as without the token what was accepted and did not carry a live one", () => {
    const hour = new Date("2026-11-24T17:00:00Z");
    const row = (token: string, outcome = "accepted") => ({ hour, outcome, token, requests: 1 });
    const rows = [row("current"), row("retiring"), row("live"), row("missing"), row("unknown"), row("none")];
    const view = trafficView([...rows, row("missing", "missing")], "day", now, "UTC");
    expect(view).toMatchObject({ accepted: 6, tokenless: 3, rejected: 1 });
  });

  it("puts the commonest reason first, and names reasons it does not know 'other'", () => {
    const hour = new Date("2026-11-24T17:00:00Z");
    const rows = [
      { hour, outcome: "missing", token: "missing", requests: 1 },
      { hour, outcome: "unknown", token: "missing", requests: 5 },
      { hour, outcome: "reason_of_a_newer_gate", token: "missing", requests: 5 },
    ];
    expect(trafficView(rows, "day", now, "UTC").reasons).toEqual([
      { reason: "unknown", requests: 5 },
      { reason: "other", requests: 5 },
      { reason: "missing", requests: 1 },
    ]);
  });

  it("counts days as the reader's calendar does, also when the clocks change", () => {
    const rows = [
      { hour: new Date("2026-11-01T03:00:00Z"), outcome: "accepted", token: "missing", requests: 1 },
      { hour: new Date("2026-11-01T04:00:00Z"), outcome: "accepted", token: "missing", requests: 10 },
      { hour: new Date("2026-11-02T04:00:00Z"), outcome: "accepted", token: "missing", requests: 100 },
      { hour: new Date("2026-11-02T05:00:00Z"), outcome: "accepted", token: "missing", requests: 1000 },
    ];
    const view = trafficView(rows, "week", new Date("2026-11-02T12:00:00Z"), "America/New_York");
    // Sunday has 25 hours.
    expect(view.buckets.slice(-3).map(({ accepted }) => accepted)).toEqual([1, 110, 1000]);
  });
});

test.each([
  ["2026-11-25", "UTC", "2026-11-25T00:00:00.000Z"],
  ["2026-11-25", "Asia/Kolkata", "2026-11-24T18:30:00.000Z"],
  ["2026-11-25", "America/New_York", "2026-11-25T05:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
  ["2026-01-01", "Pacific/Kiritimati", "2025-12-31T10:00:00.000Z"],
  // Midnight itself was skipped: the day began at one.
  ["2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
])("%s in %s begins at %s", (day, zone, expected) => {
  expect(startOfDay(day, zone).toISOString()).toBe(expected);
});

test("a day ends where the next one begins, over the ends of months and of summer time", () => {
  expect(endOfDay("2026-12-31", "UTC").toISOString()).toBe("2027-01-01T00:00:00.000Z");
  expect(endOfDay("2026-10-25", "Europe/Berlin").toISOString()).toBe("2026-10-25T23:00:00.000Z");
});

describe("the last day of an instance", () => {
  it("has 24 hours up to now, each with its requests, and nothing from before", () => {
    const hour = hourOf(now.getTime());
    const day = lastDay(
      [
        [hour, 5, 1],
        [hour - 23 * hourMs, 7, 0],
        [hour - 24 * hourMs, 9, 9],
        [hour + hourMs, 3, 3],
      ],
      now,
    );
    expect([day.accepted.length, day.rejected.length]).toEqual([24, 24]);
    expect([day.accepted[23], day.rejected[23], day.accepted[0]]).toEqual([5, 1, 7]);
    expect([...day.accepted, ...day.rejected].reduce((sum, each) => sum + each, 0)).toBe(13);
  });
});
