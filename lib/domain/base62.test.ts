import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base62, base62OfUint32, randomBase62 } from "./token-format";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function decode(text: string): bigint {
  return [...text].reduce((value, char) => value * 62n + BigInt(alphabet.indexOf(char)), 0n);
}

describe("base 62", () => {
  test("any 32 bytes are written in 43 characters and can be read back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = base62(bytes, 43);
        const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
        expect(text).toMatch(/^[0-9A-Za-z]{43}$/);
        expect(decode(text)).toBe(value);
      }),
    );
  });

  test("an integer that does not fit is refused instead of cut", () => {
    expect(() => base62(Uint8Array.of(62), 1)).toThrow(RangeError);
    expect(base62(Uint8Array.of(61), 1)).toBe("z");
  });

  test("an integer of 32 bits is written as its bytes are", () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        const bytes = Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
        expect(base62OfUint32(value, 6)).toBe(base62(bytes, 6));
      }),
    );
    expect(() => base62OfUint32(62, 1)).toThrow(RangeError);
  });

  test("random text has the asked length and takes more bytes when some were skipped", () => {
    const sources = [Uint8Array.of(255, 254, 0), Uint8Array.of(61, 62, 247)];
    expect(randomBase62(3, () => sources.shift() ?? Uint8Array.of())).toBe("0z0");
  });
});
