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

/** HMAC-SHA-256 of a recovery code together with its user, under its pepper: 32 bytes, the only form kept. */
export const recoveryCodeDigest: (userAndCode: string) => Buffer = peppered("recovery-code-pepper");

/** HMAC-SHA-256 of the secret that names a pending sign-in, under its pepper: 32 bytes, the only form kept. */
export const pendingSignInDigest: (secret: string) => Buffer = peppered("pending-sign-in-pepper");

/** HMAC-SHA-256 of the secret that names a pending link, under its pepper: 32 bytes, the only form kept. */
export const pendingLinkDigest: (secret: string) => Buffer = peppered("pending-link-pepper");

/** HMAC-SHA-256 of the token in a link sent by mail, together with what it is for: 32 bytes, the only form kept. */
export const mailLinkDigest: (purposeAndToken: string) => Buffer = peppered("mail-link-pepper");

/** HMAC-SHA-256 of the token of an invitation under its pepper: 32 bytes, the only form kept. */
export const invitationDigest: (token: string) => Buffer = peppered("invitation-pepper");
