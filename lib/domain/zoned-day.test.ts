import { expect, test } from "vitest";
import { endOfDay, startOfDay } from "./traffic";

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
