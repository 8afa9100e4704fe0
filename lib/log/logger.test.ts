import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LineBudget } from "./logger";

describe("a budget of lines", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is given anew each second, and what was left out is summed up by kind", () => {
    const told: object[] = [];
    const budget = new LineBudget(2, (left) => told.push(left));
    expect(["a", "a", "a", "b", "a"].map((kind) => budget.take(kind))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(told).toEqual([{ a: 2, b: 1 }]);
    expect(budget.take("a")).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(told).toHaveLength(1);
  });
});
