import { randomBytes } from "node:crypto";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { seal, unseal } from "@/lib/crypto/sealed-box";
import { newInstanceToken } from "@/lib/domain/instance-token";

/** An instance token in its two stored forms, and once in plain. */
export interface MintedToken {
  readonly token: string;
  readonly stored: { readonly tokenDigest: Uint8Array<ArrayBuffer>; readonly tokenSealed: string };
}

const tokenContext = (instanceId: string): string => `instance:${instanceId}:token`;

/** Makes a new token for an instance. */
export function mintInstanceToken(instanceId: string): MintedToken {
  const token = newInstanceToken(randomBytes);
  const tokenDigest = new Uint8Array(instanceTokenDigest(token));
  return { token, stored: { tokenDigest, tokenSealed: seal(token, tokenContext(instanceId)) } };
}

/** The token of an instance in plain. */
export function openInstanceToken(instanceId: string, sealed: string): string {
  return unseal(sealed, tokenContext(instanceId));
}
