import { timingSafeEqual } from "node:crypto";
import { HOTP, Secret, TOTP } from "otpauth";

/** What every authenticator app knows, and some know nothing else: SHA-1, 6 digits, 30 seconds. */
const parameters = { algorithm: "SHA1", digits: 6 } as const;

/** A new seed in base32: 160 bits (RFC 4226 §4, R6). */
export function newTotpSeed(): string {
  return new Secret({ size: 20 }).base32;
}

/** `otpauth://totp/Latchkey:…`: what the QR code says. Holds the seed. */
export function totpUri(seed: string, email: string): string {
  return new TOTP({ ...parameters, period: 30, issuer: "Latchkey", label: email, secret: seed }).toString();
}

/** The first of these time steps whose code this is (RFC 6238), or null. Compares in constant time. */
export function stepOfCode(seed: string, code: string, steps: readonly number[]): number | null {
  const secret = Secret.fromBase32(seed);
  const typed = Buffer.from(code);
  for (const counter of steps) {
    const right = Buffer.from(HOTP.generate({ ...parameters, secret, counter }));
    if (right.length === typed.length && timingSafeEqual(right, typed)) return counter;
  }
  return null;
}
