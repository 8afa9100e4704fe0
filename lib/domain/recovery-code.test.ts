import { describe, expect, test } from "vitest";
import { formatRecoveryCode, readRecoveryCode } from "./recovery-code";

const bytes = Uint8Array.from([0, 68, 50, 20, 199, 66, 84, 182, 53, 207]);

describe("recovery codes", () => {
  test("are four groups of letters that are not mistaken for each other", () => {
    expect(formatRecoveryCode(bytes)).toBe("0123-4567-89ab-cdef");
    expect(formatRecoveryCode(new Uint8Array(10).fill(255))).toBe("zzzz-zzzz-zzzz-zzzz");
  });

  test("are read however they are written down", () => {
    for (const typed of [
      "0123-4567-89ab-cdef",
      " 0123 4567 89AB CDEF",
      "Ol23-4567-89ab-cdef",
      "oI23456789abcdef",
    ]) {
      expect(readRecoveryCode(typed)).toBe("0123456789abcdef");
    }
  });

  test.each([
    "",
    "0123-4567-89ab-cde",
    "0123-4567-89ab-cdef0",
    "0123-4567-89ab-cdeu",
    "123456",
    "0".repeat(10_000),
  ])("%j is none", (typed) => expect(readRecoveryCode(typed)).toBeNull());
});
