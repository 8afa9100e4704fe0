/** The only shape an account security token has. */
export const clientTokenPattern = /^lkc_[0-9A-Za-z]{49}$/;

/** The request header it travels in; HTTP field names are case-insensitive (RFC 9110 §5.1). */
export const clientTokenHeader = "Client-Token";

/** Longer header values are never hashed. */
export const clientTokenMaxBytes = 256;

const prefix = "lkc_";
const bodyLength = 43;
const checkLength = 6;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 (IEEE 802.3, reflected, polynomial 0xEDB88320) of ASCII text. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc = (crc >>> 8) ^ (crcTable[(crc ^ text.charCodeAt(i)) & 255] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Builds an account security token: `lkc_`, 43 base62 characters, 6 base62 characters of CRC-32 over
 * all before them. The check lets scanners and the gate tell a mistyped token from a wrong one without
 * a look-up; it is no secret.
 *
 * @param random 32 bytes from a cryptographic source
 */
export function formatClientToken(random: Uint8Array): string {
  if (random.length !== 32) throw new RangeError("an account security token is made from 32 bytes");
  const head = prefix + base62(random, bodyLength);
  return head + base62OfUint32(crc32(head), checkLength);
}

/** True for text that `formatClientToken` could have made. */
export function isWellFormedClientToken(text: string): boolean {
  if (!clientTokenPattern.test(text)) return false;
  const head = text.slice(0, prefix.length + bodyLength);
  return base62OfUint32(crc32(head), checkLength) === text.slice(head.length);
}

/** The part of a token that may be shown again: its last four characters. */
export function lastFour(token: string): string {
  return token.slice(-4);
}

/** The shape of an instance token: the credential in an instance's URL. */
export const instanceTokenPattern = /^[0-9A-Za-z]{32}$/;

/** The shape of an instance id: part of the URL, no secret. */
export const instanceIdPattern = /^[0-9A-Za-z]{20}$/;

/** A new instance token: 32 base62 characters, 190 bits. `random` returns n cryptographic bytes. */
export function newInstanceToken(random: (n: number) => Uint8Array): string {
  return randomBase62(32, random);
}

/** A new instance id: 20 base62 characters. `random` returns n cryptographic bytes. */
export function newInstanceId(random: (n: number) => Uint8Array): string {
  return randomBase62(20, random);
}

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
