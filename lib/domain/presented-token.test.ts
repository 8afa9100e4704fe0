import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyPresentedToken } from "./presented-token";
import { formatClientToken, newInstanceToken } from "./token-format";

const token = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(formatClientToken);
const space = fc.stringMatching(/^[ \t]{0,4}$/);
const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
const kindOf = (...lines: string[]) => classifyPresentedToken(lines).kind;

describe("what a request presents as its token", () => {
  test("a token in one line is well formed, white space around it aside", () => {
    fc.assert(
      fc.property(space, token, space, (before, value, after) => {
        expect(classifyPresentedToken([before + value + after])).toEqual({ kind: "well_formed", value });
      }),
    );
  });

  test("two lines or more are a duplicate, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(token, bytes), { minLength: 2 }), (lines) => {
        expect(kindOf(...lines)).toBe("duplicate");
      }),
    );
  });

  test("lines joined with commas are classified as if they had stayed apart", () => {
    const line = fc.oneof(token, space, fc.stringMatching(/^[0-9A-Za-z]{0,40}$/));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        expect(kindOf(lines.join(", "))).toBe(kindOf(...lines));
      }),
    );
  });

  test("only what has the token's form is ever well formed, and nothing throws", () => {
    fc.assert(
      fc.property(bytes, (text) => {
        expect(kindOf(text)).not.toBe("well_formed");
      }),
    );
  });

  test("one changed character is not well formed", () => {
    fc.assert(
      fc.property(token, fc.nat(52), bytes, (value, at, text) => {
        const changed = value.slice(0, at) + text + value.slice(at + 1);
        fc.pre(changed.trim() !== value);
        expect(kindOf(changed)).not.toBe("well_formed");
      }),
    );
  });

  test("absent, empty, long and misplaced are told apart", () => {
    expect(kindOf()).toBe("absent");
    expect(kindOf("")).toBe("empty");
    expect(kindOf(" \t")).toBe("empty");
    expect(kindOf("a".repeat(256))).toBe("malformed");
    expect(kindOf("undefined")).toBe("placeholder");
    expect(kindOf("a".repeat(257))).toBe("too_long");
    expect(kindOf(newInstanceToken((n) => new Uint8Array(n)))).toBe("instance_token");
  });
});
