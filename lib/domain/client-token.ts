import { base62, base62OfUint32 } from "./base62";

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
