import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { type KeyPurpose, keyFor } from "./keys";

/** Keys that boxes are sealed with. */
export type BoxKey = Extract<KeyPurpose, "sealed-box" | "totp-seed">;

/** Names the key a box was sealed with, so that a changed secret is told from a damaged box. */
function keyId(purpose: BoxKey): string {
  return createHash("sha256").update(keyFor(purpose)).digest("hex").slice(0, 8);
}

/** Whether a box was sealed with the secret of this process; opens nothing. */
export function isSealedByUs(box: string, purpose: BoxKey = "sealed-box"): boolean {
  return box.split(".", 2)[1] === keyId(purpose);
}

/**
 * Encrypts text with AES-256-GCM (NIST SP 800-38D, random 96-bit nonce).
 *
 * @param context what the text belongs to, for example `instance:ID:token`; a box opens only in its own context
 * @param purpose which key; TOTP seeds have one of their own
 * @returns `v1.<key id>.<nonce>.<ciphertext and tag>` in base64url
 */
export function seal(plain: string, context: string, purpose: BoxKey = "sealed-box"): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor(purpose), nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${keyId(purpose)}.${nonce.toString("base64url")}.${body.toString("base64url")}`;
}

/**
 * Opens what `seal` made in the same context with the same key.
 *
 * @throws Error when the box was sealed with another secret, for another context, or was altered
 */
export function unseal(box: string, context: string, purpose: BoxKey = "sealed-box"): string {
  const [version, id, nonce, body] = box.split(".");
  if (version !== "v1" || !nonce || !body) throw new Error("sealed value: unknown format");
  if (id !== keyId(purpose)) throw new Error("sealed value: made with another LATCHKEY_SECRET");
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), Buffer.from(nonce, "base64url"), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}
