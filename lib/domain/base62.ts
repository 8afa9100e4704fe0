const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/**
 * Writes an unsigned big-endian integer in base 62, left-padded with zeros.
 *
 * @param bytes the integer
 * @param length characters to return; the integer must fit
 */
export function base62(bytes: Uint8Array, length: number): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < length; i++) {
    text = alphabet.charAt(Number(value % 62n)) + text;
    value /= 62n;
  }
  if (value !== 0n) throw new RangeError(`the integer does not fit in ${length} base62 characters`);
  return text;
}

/** As `base62`, for an unsigned integer of at most 32 bits. */
export function base62OfUint32(value: number, length: number): string {
  let rest = value;
  let text = "";
  for (let i = 0; i < length; i++) {
    text = alphabet.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  if (rest !== 0) throw new RangeError(`the integer does not fit in ${length} base62 characters`);
  return text;
}

/**
 * Picks characters without bias: bytes of 248 and more are skipped.
 *
 * @param random returns n cryptographically random bytes
 */
export function randomBase62(length: number, random: (n: number) => Uint8Array): string {
  let text = "";
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < 248 && text.length < length) text += alphabet.charAt(byte % 62);
    }
  }
  return text;
}
