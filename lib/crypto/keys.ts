import { hkdfSync } from "node:crypto";
import { config } from "@/lib/config";

/** One key for each purpose, so that a leak of one says nothing of the others. */
export type KeyPurpose =
  | "client-token-pepper"
  | "instance-token-pepper"
  | "recovery-code-pepper"
  | "pending-sign-in-pepper"
  | "pending-link-pepper"
  | "mail-link-pepper"
  | "passkey-challenge"
  | "sealed-box"
  | "totp-seed"
  | "session-cookie"
  | "internal-hop"
  | "audit-signing"
  | "invitation-pepper";

const derived = new Map<KeyPurpose, Buffer>();

/**
 * Derives a 32-byte key from `LATCHKEY_SECRET` by HKDF-SHA-256 (RFC 5869), with the purpose as `info`.
 * Guaranteed to be the same in every process that has the same secret.
 */
export function keyFor(purpose: KeyPurpose): Buffer {
  let key = derived.get(purpose);
  if (!key) {
    key = Buffer.from(hkdfSync("sha256", config().secret, "latchkey", `latchkey/v1/${purpose}`, 32));
    derived.set(purpose, key);
  }
  return key;
}
