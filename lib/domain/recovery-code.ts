/** Crockford's base32: no letters that look like digits. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Bytes in a code: 80 bits, beyond guessing with or without a limit. */
export const recoveryCodeBytes = 10;

const length = (recoveryCodeBytes * 8) / 5;

/** Writes ten random bytes as a code of four groups, as `7k2m-9qxr-4tcv-h08p`. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const letters = bits.match(/.{5}/g)?.map((five) => alphabet[Number.parseInt(five, 2)]) ?? [];
  return letters.join("").replace(/(.{4})(?=.)/g, "$1-");
}

/**
 * The letters of a code as it was typed: upper case, spaces, hyphens and the letters that are easily taken for
 * digits are forgiven. null for what is no code.
 */
export function readRecoveryCode(typed: string): string | null {
  if (typed.length > 100) return null;
  const letters = typed.toLowerCase().replace(/[\s-]/g, "").replaceAll("o", "0").replace(/[il]/g, "1");
  return letters.length === length && [...letters].every((letter) => alphabet.includes(letter))
    ? letters
    : null;
}
