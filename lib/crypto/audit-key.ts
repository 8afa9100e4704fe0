import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import {
  type AuditKey,
  auditKeyOf,
  type Checkpoint,
  type SignedCheckpoint,
  signedText,
} from "@/lib/domain/audit-checkpoint";
import { keyFor, whileKeysLast } from "./keys";

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const pkcs8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** The private key of these 32 bytes (RFC 8032 §5.1.5). */
export function ed25519Key(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: "der", type: "pkcs8" });
}

/** The public half of a private key. */
export function publicHalf(privateKey: KeyObject): AuditKey {
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  if (!x) throw new Error("audit key: not an Ed25519 key");
  return auditKeyOf(x);
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: AuditKey;
}

function pairOf(seed: Uint8Array): Pair {
  const privateKey = ed25519Key(seed);
  return { privateKey, publicKey: publicHalf(privateKey) };
}

/** Derived from the secret in use: every process with the same one has the same pair. */
const pair = whileKeysLast(() => pairOf(keyFor("audit-signing")));

/** The key that checkpoints of audit exports are checked with. Public. */
export function auditKey(): AuditKey {
  return pair().publicKey;
}

/** Signs a checkpoint with this installation's key (Ed25519, RFC 8032). */
export function signCheckpoint(unsigned: Omit<Checkpoint, "type" | "v" | "kid">): SignedCheckpoint {
  const { privateKey, publicKey } = pair();
  const checkpoint: Checkpoint = { type: "checkpoint", v: 1, ...unsigned, kid: publicKey.kid };
  const signature = sign(null, Buffer.from(signedText(checkpoint), "utf8"), privateKey).toString("base64url");
  return { ...checkpoint, signature };
}
