import * as crypto from "node:crypto";
import { type KeyPurpose, keysFor, whileKeysLast } from "./keys";

/** Digests of texts under keys of one purpose: 32 bytes under the key in use. */
interface Digest {
  (text: string): Buffer;
  /** The digest under each key that the text may have been kept under, the one in use first. */
  each(text: string): Uint8Array<ArrayBuffer>[];
  /** The same, one after the other. */
  joined(text: string): Buffer;
}

function peppered(purpose: KeyPurpose): Digest {
  const hmacs = whileKeysLast(() => keysFor(purpose).map(hmacSha256));
  const first = (text: string) => {
    const [hmac] = hmacs();
    if (!hmac) throw new Error("digest: no key");
    return hmac(text);
  };
  return Object.assign(first, {
    each: (text: string) => hmacs().map((hmac) => new Uint8Array(hmac(text))),
    joined: (text: string) =>
      hmacs().length === 1 ? first(text) : Buffer.concat(hmacs().map((hmac) => hmac(text))),
  });
}

/** HMAC-SHA-256 of an account security token under its pepper: 32 bytes, the only form kept. */
export const clientTokenDigest = peppered("client-token-pepper");

/** HMAC-SHA-256 of an instance token under its pepper: 32 bytes. */
export const instanceTokenDigest = peppered("instance-token-pepper");

/** HMAC-SHA-256 of a recovery code together with its user, under its pepper: 32 bytes, the only form kept. */
export const recoveryCodeDigest = peppered("recovery-code-pepper");

/** HMAC-SHA-256 of the secret that names a pending sign-in, under its pepper: 32 bytes, the only form kept. */
export const pendingSignInDigest = peppered("pending-sign-in-pepper");

/** HMAC-SHA-256 of the secret that names a pending link, under its pepper: 32 bytes, the only form kept. */
export const pendingLinkDigest = peppered("pending-link-pepper");

/** HMAC-SHA-256 of the token in a link sent by mail, together with what it is for: 32 bytes, the only form kept. */
export const mailLinkDigest = peppered("mail-link-pepper");

/** HMAC-SHA-256 of the token of an invitation under its pepper: 32 bytes, the only form kept. */
export const invitationDigest = peppered("invitation-pepper");

const blockBytes = 64;
const digestBytes = 32;
const longestMessage = 256;

function padded(key: Buffer, byte: number, room: number): Buffer {
  const buffer = Buffer.alloc(blockBytes + room);
  for (let at = 0; at < blockBytes; at++) buffer[at] = (key[at] ?? 0) ^ byte;
  return buffer;
}

/**
 * Makes a function that computes HMAC-SHA-256 (RFC 2104) of UTF-8 text under one key. Exactly what
 * `createHmac` computes, in a third of its time: the padded keys are laid out once, and `crypto.hash`
 * builds no stream. Older versions of Node.js and long texts take the ordinary way.
 *
 * @param key at most 64 bytes
 */
export function hmacSha256(key: Buffer): (text: string) => Buffer {
  const slow = (text: string) => crypto.createHmac("sha256", key).update(text).digest();
  // Not in every supported version.
  if (typeof crypto.hash !== "function" || key.length > blockBytes) return slow;
  const inner = padded(key, 0x36, longestMessage);
  const outer = padded(key, 0x5c, digestBytes);
  return (text) => {
    // A character takes at most three bytes.
    if (text.length * 3 > longestMessage) return slow(text);
    const end = blockBytes + inner.write(text, blockBytes);
    // As text, because `crypto.hash` takes twice as long to make a Buffer.
    outer.write(crypto.hash("sha256", inner.subarray(0, end), "binary"), blockBytes, "latin1");
    return Buffer.from(crypto.hash("sha256", outer, "binary"), "latin1");
  };
}
