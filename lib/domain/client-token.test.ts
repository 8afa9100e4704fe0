import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientTokenPattern, formatClientToken, isWellFormedClientToken, lastFour } from "./token-format";

const random32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("the account security token", () => {
  test("every 32 random bytes make a well-formed token", () => {
    fc.assert(
      fc.property(random32, (bytes) => {
        const token = formatClientToken(bytes);
        expect(token).toMatch(clientTokenPattern);
        expect(token).toHaveLength(53);
        expect(isWellFormedClientToken(token)).toBe(true);
      }),
    );
  });

  test("different bytes make different tokens", () => {
    fc.assert(
      fc.property(random32, random32, (a, b) => {
        fc.pre(Buffer.compare(a, b) !== 0);
        expect(formatClientToken(a)).not.toBe(formatClientToken(b));
      }),
    );
  });

  test("one mistyped character is always noticed", () => {
    fc.assert(
      fc.property(
        random32,
        fc.integer({ min: 4, max: 52 }),
        fc.constantFrom(..."09AZaz"),
        (bytes, at, char) => {
          const token = formatClientToken(bytes);
          fc.pre(token[at] !== char);
          expect(isWellFormedClientToken(token.slice(0, at) + char + token.slice(at + 1))).toBe(false);
        },
      ),
    );
  });

  test("nothing that only looks similar is well formed", () => {
    fc.assert(fc.property(fc.string(), (text) => !isWellFormedClientToken(text)));
    const token = formatClientToken(new Uint8Array(32));
    for (const wrong of [
      "",
      token.slice(0, -1),
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
      token.toUpperCase(),
    ]) {
      expect(isWellFormedClientToken(wrong)).toBe(false);
    }
  });

  test("the check is CRC-32 as others compute it", () => {
    // CRC-32 of "lkc_" and 43 zeros, from a second implementation (zlib).
    const token = formatClientToken(new Uint8Array(32));
    expect(token.slice(0, 47)).toBe(`lkc_${"0".repeat(43)}`);
    expect(token.slice(47)).toBe("2YUmDc");
  });

  test("only 32 bytes are accepted", () => {
    expect(() => formatClientToken(new Uint8Array(31))).toThrow(RangeError);
  });

  test("four characters may be shown again", () => {
    expect(lastFour("lkc_abcdef")).toBe("cdef");
  });
});
