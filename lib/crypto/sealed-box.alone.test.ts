import { beforeAll, describe, expect, test } from "vitest";
import { clientTokenDigest, instanceTokenDigest } from "./digest";
import { seal, unseal } from "./sealed-box";

beforeAll(() => {
  process.env.LATCHKEY_SECRET = "a secret that only the tests of this file use";
});

describe("sealed values", () => {
  test("open again in their own context", () => {
    expect(unseal(seal("Grüße ✓", "instance:A:token"), "instance:A:token")).toBe("Grüße ✓");
    expect(unseal(seal("", "x"), "x")).toBe("");
  });

  test("do not open in another context, so a box cannot be moved to another row", () => {
    const box = seal("secret", "instance:A:token");
    expect(() => unseal(box, "instance:B:token")).toThrow();
  });

  test("do not open when any part was altered or cut", () => {
    const box = seal("a longer secret than sixteen bytes", "c");
    const [version, key, nonce, body] = box.split(".") as [string, string, string, string];
    const flipped = (body[0] === "A" ? "B" : "A") + body.slice(1);
    for (const altered of [
      `v2.${key}.${nonce}.${body}`,
      `${version}.00000000.${nonce}.${body}`,
      `${version}.${key}.${nonce}.${flipped}`,
      `${version}.${key}.${nonce}.${body.slice(0, 20)}`,
      `${version}.${key}.${nonce}`,
      "",
    ]) {
      expect(() => unseal(altered, "c")).toThrow();
    }
  });

  test("never look alike twice and never contain the text", () => {
    expect(seal("secret", "c")).not.toBe(seal("secret", "c"));
    expect(seal("secret", "c")).not.toContain("secret");
  });
});

describe("digests", () => {
  test("are 32 bytes and differ between the two kinds of token", () => {
    expect(clientTokenDigest("t")).toHaveLength(32);
    expect(clientTokenDigest("t")).toEqual(clientTokenDigest("t"));
    expect(clientTokenDigest("t").equals(instanceTokenDigest("t"))).toBe(false);
  });
});
