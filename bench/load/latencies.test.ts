import { expect, test } from "vitest";
import { latenciesOf, medianBy, percentile } from "./latencies";

test("a percentile is the smallest value that the share of all values does not exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(percentile(hundred, 0.5)).toBe(50);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
  expect(percentile([7], 0.01)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test("durations are summed up whatever order they came in", () => {
  expect(latenciesOf([3, 1, 10, 2])).toEqual({ count: 4, p50: 2, p99: 10, p999: 10, max: 10 });
});

test("the median is an element, the lower of two in the middle", () => {
  const speed = (run: { speed: number }) => run.speed;
  expect(medianBy([{ speed: 9 }, { speed: 1 }, { speed: 5 }], speed)).toEqual({ speed: 5 });
  expect(medianBy([{ speed: 9 }, { speed: 1 }], speed)).toEqual({ speed: 1 });
  expect(medianBy([], speed)).toBeUndefined();
});
