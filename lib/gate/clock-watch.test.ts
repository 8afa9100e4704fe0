import { expect, test } from "vitest";
import { ClockWatch } from "./log";

const lines: string[] = [];
const watch = new ClockWatch({
  info: (facts, message) => lines.push(`info ${JSON.stringify(facts)} ${message}`),
  error: (facts, message) => lines.push(`error ${JSON.stringify(facts)} ${message}`),
});

const compared = (aheadMs: number, tookMs = 2) =>
  watch.compared({ askedAt: aheadMs, answeredAt: aheadMs + tookMs, other: tookMs / 2 });

test("a clock that is off is told once, and once when it is right again; a slow answer changes nothing", () => {
  expect(watch.aheadMs).toBeNull();
  compared(3);
  compared(900, 4000);
  expect(lines).toEqual([]);
  for (const ahead of [3000, 3100, -4000]) compared(ahead);
  compared(0, 4000);
  expect(watch.offMs).toBe(-4000);
  expect(lines.splice(0)).toEqual([
    'error {"aheadMs":3000,"uncertainMs":1} the clock is off the database\'s by more than a second: check NTP on both',
  ]);
  for (const ahead of [12, 8]) compared(ahead);
  expect(watch.offMs).toBeNull();
  expect(lines.splice(0)).toEqual([
    'info {"aheadMs":12,"uncertainMs":1} the clock agrees with the database\'s again',
  ]);
  compared(-1500);
  expect(lines).toHaveLength(1);
  expect(watch.aheadMs).toBe(-1500);
});
