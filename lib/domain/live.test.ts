import { expect, test } from "vitest";
import { jsonOf, leastRestMs, readingOf, restAfterReading, soonest } from "./live";

test("a reading comes back as it was written, with its dates and maps", () => {
  const data = {
    since: new Date(5),
    none: null,
    readiness: new Map([["a", { ready: 1, at: new Date(7) }]]),
    callers: [{ name: "$date", lastSeenAt: new Date(0) }],
    text: '{"$date":1}',
  };
  const reading = { accountId: "bakery", at: new Date(1_000_000), restMs: 400, data };
  expect(readingOf(jsonOf(reading))).toEqual(reading);
});

test("what is no answer of ours is none", () => {
  expect(() => readingOf("<title>starting</title>")).toThrow(SyntaxError);
});

test("the soonest of some moments", () => {
  expect(soonest([null, new Date(9), undefined, new Date(3)])).toEqual(new Date(3));
  expect(soonest([null, undefined])).toBeNull();
});

test("a page rests the longer the more a reading costs, never for no time and never for ever", () => {
  expect(restAfterReading(1)).toBe(leastRestMs);
  expect(restAfterReading(100)).toBeGreaterThanOrEqual(20 * 100);
  expect(restAfterReading(60_000)).toBeLessThanOrEqual(5000);
});
