import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  verifyAuthenticationResponse,
} from "@simplewebauthn/server";
import { type ChallengePurpose, challengeExpiry, newChallenge } from "@/lib/crypto/passkey-challenge";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { challengeSeconds, type PasskeySite } from "@/lib/domain/passkey";

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

/** What the browser is asked to sign with a passkey. */
export type AssertionOptions = PublicKeyCredentialRequestOptionsJSON;

/** What the browser answers. It comes from outside: every part of it may be forged. */
export type Assertion = AuthenticationResponseJSON;

/**
 * Asks for a signature by one of the user's passkeys, or by whichever passkey for this site the person has.
 * The authenticator always checks who holds it (PIN, finger, face), so that a passkey alone is two factors.
 */
export async function assertionOptions(
  purpose: ChallengePurpose,
  site: PasskeySite,
  userId?: string,
): Promise<AssertionOptions> {
  const passkeys = userId
    ? await db.passkey.findMany({
        where: { userId, rpId: site.rpId },
        select: { credentialId: true, transports: true },
      })
    : [];
  return generateAuthenticationOptions({
    rpID: site.rpId,
    challenge: challengeFor(purpose),
    timeout: challengeSeconds * 1000,
    userVerification: "required",
    allowCredentials: passkeys.map(({ credentialId: id, transports }) => ({ id, transports })),
  });
}

/** What an answer has to fit to. */
interface Expected {
  readonly purpose: ChallengePurpose;
  readonly site: PasskeySite;
  /** Whose passkey it must be; left out: whoever's it is. */
  readonly userId?: string;
}

/**
 * Checks a signature (WebAuthn Level 3 §7.2): a passkey that exists and was made for this host, our challenge
 * for this purpose, not run out and used for the first time, this origin, a person who was checked, and a
 * counter that went forward. Uses the challenge up and notes the use, in the transaction of what it allows.
 *
 * @returns whose passkey it was; null when anything is not right, without saying what
 */
export async function spendAssertion(
  tx: Transaction,
  assertion: Assertion,
  { purpose, site, userId }: Expected,
  now: Date,
): Promise<{ readonly userId: string; readonly name: string } | null> {
  if (typeof assertion?.id !== "string") return null;
  const passkey = await tx.passkey.findFirst({
    where: { credentialId: assertion.id.replaceAll("\0", ""), rpId: site.rpId, ...(userId && { userId }) },
  });
  if (!passkey) return null;
  const seen = await verified(assertion, passkey, { purpose, site }, now);
  if (!seen || !(await spendChallenge(tx, seen.challenge, now))) return null;
  const { count } = await tx.passkey.updateMany({
    // Of two signatures at once the later one would overwrite the counter of the earlier.
    where: { id: passkey.id, counter: passkey.counter },
    data: { counter: seen.counter, backedUp: seen.backedUp, lastUsedAt: now },
  });
  return count === 1 ? { userId: passkey.userId, name: passkey.name } : null;
}

interface StoredPasskey {
  readonly userId: string;
  readonly credentialId: string;
  readonly publicKey: Uint8Array;
  readonly counter: bigint;
}

async function verified(
  assertion: Assertion,
  passkey: StoredPasskey,
  { purpose, site }: Omit<Expected, "userId">,
  now: Date,
): Promise<{ challenge: string; counter: number; backedUp: boolean } | null> {
  let challenge = "";
  try {
    // What an authenticator keeps of a user: the id. No address, no name.
    const { userHandle } = assertion.response;
    if (userHandle && userHandle !== Buffer.from(passkey.userId).toString("base64url")) return null;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: assertion,
      expectedChallenge: (text) => {
        challenge = text;
        return isOpenChallenge(text, purpose, now);
      },
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(passkey.publicKey),
        counter: Number(passkey.counter),
      },
    });
    const { newCounter: counter, credentialBackedUp: backedUp } = authenticationInfo;
    return verified ? { challenge, counter, backedUp } : null;
  } catch {
    // The library throws at everything that does not fit, and at everything that is no answer at all.
    return null;
  }
}
