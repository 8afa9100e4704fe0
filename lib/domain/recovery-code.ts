/** Crockford's base32: no letters that look like digits. */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** Bytes in a new code: 120 bits. From 112 on a fast hash is enough (ASVS 5.0, 6.5.2). */
export const recoveryCodeBytes = 15;

/** Letters in a new code, and in those of 80 bits that were given out before and are kept on paper. */
const lengths: readonly number[] = [(recoveryCodeBytes * 8) / 5, 16];

/** Writes random bytes as a code in groups of four, as `7k2m-9qxr-4tcv-h08p-mz3d-w61n`. */
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
  return lengths.includes(letters.length) && [...letters].every((letter) => alphabet.includes(letter))
    ? letters
    : null;
}
