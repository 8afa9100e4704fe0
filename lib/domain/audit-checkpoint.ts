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
