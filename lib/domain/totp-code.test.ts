import { describe, expect, test } from "vitest";
import { openSteps, readTotpCode, timeStepAt } from "./second-factor";

const at = (seconds: number) => new Date(seconds * 1000);

describe("time steps", () => {
  test.each([
    [0, 0],
    [29.999, 0],
    [30, 1],
    [1_111_111_109, 37_037_036],
  ])("%d s is in step %d", (seconds, step) => {
    expect(timeStepAt(at(seconds))).toBe(step);
  });

  test("a clock may be one step off either way, and no more", () => {
    expect([...openSteps(at(3000), 0)].sort((a, b) => a - b)).toEqual([99, 100, 101]);
  });

  test("the step that was accepted, and all before it, are used up", () => {
    expect(openSteps(at(3000), 98)).toHaveLength(3);
    expect(openSteps(at(3000), 99)).toEqual([100, 101]);
    expect(openSteps(at(3000), 100)).toEqual([101]);
    expect(openSteps(at(3000), 101)).toEqual([]);
  });

  test("a clock that jumps back accepts nothing that was used before", () => {
    expect(openSteps(at(2970), 100)).toEqual([]);
    expect(openSteps(at(0), 100)).toEqual([]);
  });
});

describe("a typed code", () => {
  test.each([
    ["123456", "123456"],
    [" 123 456 ", "123456"],
    ["123-456", "123456"],
  ])("%j is %s", (typed, code) => expect(readTotpCode(typed)).toBe(code));

  test.each(["", "12345", "1234567", "12345a", "१२३४५६", "123456".padEnd(200)])("%j is none", (typed) =>
    expect(readTotpCode(typed)).toBeNull(),
  );
});
