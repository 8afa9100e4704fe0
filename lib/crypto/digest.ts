import { createHmac } from "node:crypto";
import { keyFor } from "./keys";

/** HMAC-SHA-256 of an account security token under its pepper: 32 bytes, the only form kept. */
export function clientTokenDigest(token: string): Buffer {
  return createHmac("sha256", keyFor("client-token-pepper")).update(token).digest();
}

/** HMAC-SHA-256 of an instance token under its pepper: 32 bytes. */
export function instanceTokenDigest(token: string): Buffer {
  return createHmac("sha256", keyFor("instance-token-pepper")).update(token).digest();
}
