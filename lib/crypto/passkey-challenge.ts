import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { keyFor, keysFor } from "./keys";

const nonceBytes = 24;
const timeBytes = 8;
const macBytes = 32;

/** What a challenge is for: the act, and the one who was asked (a session, a waiting sign-in, a browser). */
export interface ChallengePurpose {
  readonly act: "add" | "prove" | "sign_in" | "second_step";
  readonly subject: string;
}

function macOf(key: Buffer, head: Buffer, { act, subject }: ChallengePurpose): Buffer {
  return createHmac("sha256", key).update(head).update(`${act} ${subject}`).digest();
}

/**
 * A challenge that tells by itself, under our key, what it is for and until when. So asking for one leaves
 * nothing behind, and nobody can fill a table with questions.
 */
export function newChallenge(purpose: ChallengePurpose, expiresAt: Date): Buffer {
  const head = Buffer.alloc(nonceBytes + timeBytes);
  randomBytes(nonceBytes).copy(head);
  head.writeBigUInt64BE(BigInt(expiresAt.getTime()), nonceBytes);
  return Buffer.concat([head, macOf(keyFor("passkey-challenge"), head, purpose)]);
}

/** Until when this challenge can be answered; null when it is none of ours or was made for something else. */
export function challengeExpiry(challenge: Buffer, purpose: ChallengePurpose): Date | null {
  if (challenge.length !== nonceBytes + timeBytes + macBytes) return null;
  const head = challenge.subarray(0, nonceBytes + timeBytes);
  const mac = challenge.subarray(nonceBytes + timeBytes);
  const ours = keysFor("passkey-challenge").some((key) => timingSafeEqual(mac, macOf(key, head, purpose)));
  if (!ours) return null;
  return new Date(Number(head.readBigUInt64BE(nonceBytes)));
}
