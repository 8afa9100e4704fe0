import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import {
  type AuditKey,
  auditKeyOf,
  type Checkpoint,
  type SignedCheckpoint,
  signedText,
} from "@/lib/domain/audit-checkpoint";
import { keyFor } from "./keys";

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

let made: Pair | undefined;

/** Derived from `LATCHKEY_SECRET`: every process with the same secret has the same pair. */
function pair(): Pair {
  if (!made) {
    const privateKey = ed25519Key(keyFor("audit-signing"));
    made = { privateKey, publicKey: publicHalf(privateKey) };
  }
  return made;
}

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
