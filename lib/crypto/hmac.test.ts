import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hmacSha256 } from "./digest";

const reference = (key: Buffer, text: string) => createHmac("sha256", key).update(text).digest();

describe("HMAC-SHA-256", () => {
  test("is what createHmac computes, for any key and text", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        fc.array(fc.string({ maxLength: 300, unit: fc.nat(0x10ffff).map(String.fromCodePoint) }), {
          minLength: 1,
          maxLength: 5,
        }),
        (bytes, texts) => {
          const key = Buffer.from(bytes);
          const hmac = hmacSha256(key);
          // Several in a row, so that nothing of one text is left for the next.
          for (const text of texts) expect(hmac(text)).toEqual(reference(key, text));
        },
      ),
    );
  });

  test("digests stay as they are when the next one is made", () => {
    const hmac = hmacSha256(Buffer.alloc(32, 1));
    const first = hmac("a");
    hmac("b");
    expect(first).toEqual(reference(Buffer.alloc(32, 1), "a"));
  });
});
