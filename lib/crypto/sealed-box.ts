import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { type KeyPurpose, keyFor, keysFor } from "./keys";

/** Keys that boxes are sealed with. */
export type BoxKey = Extract<KeyPurpose, "sealed-box" | "totp-seed">;

/** What boxes belong to. Each opens only in its own context. */
export const boxContext = {
  instanceToken: (instanceId: string) => `instance:${instanceId}:token`,
  /** Of an instance or a service. */
  headers: (owner: HeaderOwner) => `${owner}:headers`,
  totpSeed: (totpId: string) => `totp:${totpId}:seed`,
} as const;

/** Whose headers they are: sealed for one, they cannot be opened as those of another. */
export type HeaderOwner = `instance:${string}` | `service:${string}`;

/** Names the key a box was sealed with, so that a changed secret is told from a damaged box. */
function keyId(key: Buffer): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 8);
}

/** How every box begins that was sealed with this key. */
export function boxPrefix(key: Buffer): string {
  return `v1.${keyId(key)}.`;
}

/** Whether a box was sealed with a secret of this process; opens nothing. */
export function isSealedByUs(box: string, purpose: BoxKey = "sealed-box"): boolean {
  return keysFor(purpose).some((key) => box.startsWith(boxPrefix(key)));
}

/**
 * Encrypts text with AES-256-GCM (NIST SP 800-38D, random 96-bit nonce).
 *
 * @param context what the text belongs to: one of `boxContext`, or another text of its own
 * @param purpose which key; TOTP seeds have one of their own
 * @returns `v1.<key id>.<nonce>.<ciphertext and tag>` in base64url
 */
export function seal(plain: string, context: string, purpose: BoxKey = "sealed-box"): string {
  const key = keyFor(purpose);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `${boxPrefix(key)}${nonce.toString("base64url")}.${body.toString("base64url")}`;
}

/**
 * Opens what `seal` made in the same context, with the key in use or another that was given.
 *
 * @throws Error when the box was sealed with another secret, for another context, or was altered
 */
export function unseal(box: string, context: string, purpose: BoxKey = "sealed-box"): string {
  const [version, id, nonce, body] = box.split(".");
  if (version !== "v1" || !nonce || !body) throw new Error("sealed value: unknown format");
  const key = keysFor(purpose).find((each) => keyId(each) === id);
  if (!key) throw new Error("sealed value: made with another LATCHKEY_SECRET");
  const bytes = Buffer.from(body, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), {
    authTagLength: 16,
  });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}
