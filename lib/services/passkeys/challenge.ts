import { type ChallengePurpose, challengeExpiry, newChallenge } from "@/lib/crypto/passkey-challenge";
import type { Transaction } from "@/lib/db/transaction";
import { challengeSeconds } from "@/lib/domain/passkey";

/** A new challenge for this purpose, good for some minutes. */
export function challengeFor(purpose: ChallengePurpose): Uint8Array<ArrayBuffer> {
  return new Uint8Array(newChallenge(purpose, new Date(Date.now() + challengeSeconds * 1000)));
}

/** True when this is a challenge that was made for this purpose and has not run out. */
export function isOpenChallenge(challenge: string, purpose: ChallengePurpose, now: Date): boolean {
  const expiresAt = challengeExpiry(Buffer.from(challenge, "base64url"), purpose);
  return expiresAt !== null && expiresAt > now;
}

/**
 * Uses a challenge up in the transaction of what its answer allows.
 *
 * @returns false when it was used before; of two who bring it at once one gets true
 */
export async function spendChallenge(tx: Transaction, challenge: string, now: Date): Promise<boolean> {
  await tx.spentChallenge.deleteMany({ where: { expiresAt: { lte: now } } });
  const { count } = await tx.spentChallenge.createMany({
    data: {
      challenge: new Uint8Array(Buffer.from(challenge, "base64url")),
      expiresAt: new Date(now.getTime() + challengeSeconds * 1000),
    },
    skipDuplicates: true,
  });
  return count === 1;
}
