import { hmacSha256 } from "./hmac";
import { type KeyPurpose, keyFor } from "./keys";

function peppered(purpose: KeyPurpose): (text: string) => Buffer {
  let hmac: ((text: string) => Buffer) | undefined;
  return (text) => {
    hmac ??= hmacSha256(keyFor(purpose));
    return hmac(text);
  };
}

/** HMAC-SHA-256 of an account security token under its pepper: 32 bytes, the only form kept. */
export const clientTokenDigest: (token: string) => Buffer = peppered("client-token-pepper");

/** HMAC-SHA-256 of an instance token under its pepper: 32 bytes. */
export const instanceTokenDigest: (token: string) => Buffer = peppered("instance-token-pepper");
