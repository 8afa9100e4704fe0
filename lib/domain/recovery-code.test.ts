import { describe, expect, test } from "vitest";
import { formatRecoveryCode, readRecoveryCode, recoveryCodeBytes } from "./second-factor";

const bytes = Uint8Array.from([0, 68, 50, 20, 199, 66, 84, 182, 53, 207, 132, 101, 58, 86, 215]);

describe("recovery codes", () => {
  test("have 112 bits or more", () => expect(recoveryCodeBytes * 8).toBeGreaterThanOrEqual(112));

  test("are six groups of letters that are not mistaken for each other", () => {
    expect(formatRecoveryCode(bytes)).toBe("0123-4567-89ab-cdef-ghjk-mnpq");
    expect(formatRecoveryCode(new Uint8Array(15).fill(255))).toBe("zzzz-zzzz-zzzz-zzzz-zzzz-zzzz");
  });

  test("are read however they are written down", () => {
    for (const typed of [
      "0123-4567-89ab-cdef-ghjk-mnpq",
      " 0123 4567 89AB CDEF GHJK MNPQ",
      "Ol23-4567-89ab-cdef-ghjk-mnpq",
      "oI23456789abcdefghjkmnpq",
    ]) {
      expect(readRecoveryCode(typed)).toBe("0123456789abcdefghjkmnpq");
    }
  });

  test("of four groups, as they were given out before, are read too", () => {
    expect(readRecoveryCode("0123-4567-89ab-cdef")).toBe("0123456789abcdef");
  });

  test.each([
    "",
    "0123-4567-89ab-cde",
    "0123-4567-89ab-cdef0",
    "0123-4567-89ab-cdeu",
    "0123-4567-89ab-cdef-ghjk",
    "0123-4567-89ab-cdef-ghjk-mnp",
    "0123-4567-89ab-cdef-ghjk-mnpq-r",
    "123456",
    "0".repeat(10_000),
  ])("%j is none", (typed) => expect(readRecoveryCode(typed)).toBeNull());
});
