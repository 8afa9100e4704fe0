import { Secret, type TOTP, URI } from "otpauth";
import { describe, expect, test } from "vitest";
import { newTotpSeed, stepOfCode, totpUri } from "./totp";

/** RFC 6238 appendix B, SHA-1, cut to six digits. */
const seed = Secret.fromLatin1("12345678901234567890").base32;
const vectors = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;

describe("TOTP", () => {
  test.each(vectors)("at %d s the code is %s (RFC 6238)", (seconds, code) => {
    const step = Math.floor(seconds / 30);
    expect(stepOfCode(seed, code, [step - 1, step, step + 1])).toBe(step);
    expect(stepOfCode(seed, code, [step - 3, step - 2, step + 2])).toBeNull();
  });

  test("nothing but six digits is ever a code", () => {
    for (const code of ["", "28708", "2870822", "287o82"]) expect(stepOfCode(seed, code, [1])).toBeNull();
    expect(stepOfCode(seed, "287082", [])).toBeNull();
  });

  test("seeds have 160 bits and are new each time", () => {
    expect(Secret.fromBase32(newTotpSeed()).bytes).toHaveLength(20);
    expect(newTotpSeed()).not.toBe(newTotpSeed());
  });

  test("the address says what every app understands", () => {
    const uri = totpUri(seed, "ana+shop@example.com");
    expect(uri).toMatch(/^otpauth:\/\/totp\/Latchkey:ana%2Bshop%40example\.com\?/);
    expect(URI.parse(uri)).toMatchObject({ issuer: "Latchkey", algorithm: "SHA1", digits: 6, period: 30 });
    expect((URI.parse(uri) as TOTP).secret.base32).toBe(seed);
  });
});
