import { createHash, createPublicKey, verify } from "node:crypto";
import { canonicalJson, type Json } from "./canonical-json";

/** Says that at this time the account's chain had this event as its newest. */
export interface Checkpoint {
  readonly type: "checkpoint";
  readonly v: 1;
  readonly account: string;
  readonly seq: number;
  /** Hash of that event. */
  readonly hash: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly at: string;
  /** Thumbprint of the key that signs. */
  readonly kid: string;
}

/** A checkpoint as the last line of an export has it. */
export interface SignedCheckpoint extends Checkpoint {
  /** Ed25519 over the UTF-8 bytes of `signedText`, in base64url. */
  readonly signature: string;
}

function plain({ type, v, account, seq, hash, at, kid }: Checkpoint): Record<string, Json> {
  return { type, v, account, seq, hash, at, kid };
}

/** What is signed: the canonical JSON (RFC 8785) of the checkpoint without its signature. */
export function signedText(checkpoint: Checkpoint): string {
  return canonicalJson(plain(checkpoint));
}

/** The checkpoint as one line of an export, without the line's end. */
export function checkpointLine(checkpoint: SignedCheckpoint): string {
  return canonicalJson({ ...plain(checkpoint), signature: checkpoint.signature });
}

/** A parsed line as a checkpoint; null when it has not the form of one. */
export function checkpointOf(value: Readonly<Record<string, unknown>>): SignedCheckpoint | null {
  const { type, v, account, seq, hash, at, kid, signature } = value;
  if (type !== "checkpoint" || v !== 1 || Object.keys(value).length !== 8) return null;
  if (typeof seq !== "number" || !Number.isSafeInteger(seq) || seq < 1) return null;
  for (const text of [account, hash, at, kid, signature]) if (typeof text !== "string") return null;
  return value as unknown as SignedCheckpoint;
}

/** A public Ed25519 key as JSON Web Key (RFC 8037 §2). `kid` is its thumbprint. */
export interface AuditKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** The 32 bytes in base64url. */
  readonly x: string;
  readonly kid: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

const keyForm = /^[A-Za-z0-9_-]{43}$/;
const signatureForm = /^[A-Za-z0-9_-]{86}$/;

/** The key whose 32 bytes are `x`, named by its thumbprint (RFC 7638, RFC 8037 appendix A.3). */
export function auditKeyOf(x: string): AuditKey {
  const members = canonicalJson({ crv: "Ed25519", kty: "OKP", x });
  const kid = createHash("sha256").update(members).digest("base64url");
  return { kty: "OKP", crv: "Ed25519", x, kid, alg: "EdDSA", use: "sig" };
}

/**
 * The keys in a parsed JSON file: one key, or a set of them (RFC 7517 §5). Empty when it holds none. Names in
 * the file are not believed: each key gets its own thumbprint.
 */
export function auditKeysIn(json: unknown): readonly AuditKey[] {
  if (typeof json !== "object" || json === null) return [];
  if ("keys" in json && Array.isArray(json.keys)) return json.keys.flatMap(auditKeysIn);
  const { kty, crv, x } = json as Record<string, unknown>;
  const usable = kty === "OKP" && crv === "Ed25519" && typeof x === "string" && keyForm.test(x);
  return usable ? [auditKeyOf(x)] : [];
}

/** True when the signature (Ed25519, RFC 8032, in base64url) of this text was made with this key. Never throws. */
export function isSignedBy(key: AuditKey, text: string, signature: string): boolean {
  if (!signatureForm.test(signature)) return false;
  try {
    const { kty, crv, x } = key;
    const publicKey = createPublicKey({ key: { kty, crv, x }, format: "jwk" });
    return verify(null, Buffer.from(text, "utf8"), publicKey, Buffer.from(signature, "base64url"));
  } catch {
    return false;
  }
}
