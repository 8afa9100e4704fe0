import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { type ChallengePurpose, challengeExpiry, newChallenge } from "@/lib/crypto/passkey-challenge";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { challengeSeconds, type PasskeySite, passkeyProvider, passkeysMax } from "@/lib/domain/passkey";
import type { FactorAdded } from "@/lib/domain/second-factor";
import { authorize, requireProof } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue";
import { codesForFirstFactor } from "../two-step/recovery-codes";

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

/** What the browser is asked to make a passkey from. */
export type PasskeyOptions = PublicKeyCredentialCreationOptionsJSON;

/**
 * Asks for a new passkey: one that can be found without an e-mail address, and that checks who holds it.
 * Authenticators that hold one of this person's already are left out.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `passkeys_full`
 */
export async function startPasskey(actor: Actor, site: PasskeySite): Promise<PasskeyOptions> {
  authorize(actor, "self.change");
  requireProof(actor);
  const passkeys = await db.passkey.findMany({
    where: { userId: actor.userId },
    select: { credentialId: true, transports: true, rpId: true },
  });
  if (passkeys.length >= passkeysMax) throw new Refusal("passkeys_full");
  return generateRegistrationOptions({
    rpName: "Latchkey",
    rpID: site.rpId,
    userID: new TextEncoder().encode(actor.userId),
    userName: actor.email,
    userDisplayName: actor.email,
    challenge: challengeFor({ act: "add", subject: actor.sessionId }),
    timeout: challengeSeconds * 1000,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: passkeys
      .filter(({ rpId }) => rpId === site.rpId)
      .map(({ credentialId: id, transports }) => ({ id, transports })),
  });
}

/** What the browser answers when it made a passkey. It comes from outside: every part of it may be forged. */
export type NewPasskey = RegistrationResponseJSON;

/** What is known of a passkey when it was made. */
interface Made {
  readonly challenge: string;
  readonly data: {
    readonly credentialId: string;
    readonly publicKey: Uint8Array<ArrayBuffer>;
    readonly counter: number;
    readonly transports: string[];
    readonly backedUp: boolean;
    readonly rpId: string;
  };
  readonly provider: string | undefined;
}

/**
 * Keeps a passkey that the browser made (WebAuthn Level 3 §7.1), named after its keeper. It is a second
 * factor from now on, and signs in alone.
 *
 * @returns recovery codes, when this is the first factor; they can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `passkeys_full`, or `passkey_failed` when the answer is not
 *   one to our question, is used already, or is of a passkey that is known here
 */
export async function addPasskey(actor: Actor, answer: NewPasskey, site: PasskeySite): Promise<FactorAdded> {
  authorize(actor, "self.change");
  requireProof(actor);
  const now = new Date();
  const made = await verified(actor, answer, site, now);
  if (!made) throw new Refusal("passkey_failed");
  return changeSelf(actor, async (tx) => {
    if (!(await spendChallenge(tx, made.challenge, now))) throw new Refusal("passkey_failed");
    const { userId } = actor;
    const names = await tx.passkey.findMany({ where: { userId }, select: { name: true } });
    if (names.length >= passkeysMax) throw new Refusal("passkeys_full");
    const recoveryCodes = await codesForFirstFactor(tx, userId);
    const name = freeName(
      made.provider ?? "Passkey",
      names.map((each) => each.name),
    );
    await keep(tx, { ...made.data, userId, name });
    await queueNotice(tx, "second_factor_added", actor.email, { factor: "passkey" }, actor);
    return {
      result: { recoveryCodes },
      event: { action: "passkey.added", targetType: "user", targetLabel: name },
    };
  });
}

async function keep(tx: Transaction, data: Made["data"] & { userId: string; name: string }): Promise<void> {
  const { count } = await tx.passkey.createMany({ data: [data], skipDuplicates: true });
  if (count === 0) throw new Refusal("passkey_failed");
}

async function verified(
  actor: Actor,
  answer: NewPasskey,
  site: PasskeySite,
  now: Date,
): Promise<Made | null> {
  let challenge = "";
  try {
    const { registrationInfo: info } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: (text) => {
        challenge = text;
        return isOpenChallenge(text, { act: "add", subject: actor.sessionId }, now);
      },
      expectedOrigin: site.origin,
      expectedRPID: site.rpId,
      requireUserVerification: true,
    });
    if (!info) return null;
    const { id, publicKey, counter, transports = [] } = info.credential;
    return {
      challenge,
      data: {
        credentialId: id,
        publicKey: new Uint8Array(publicKey),
        counter,
        transports: transports.filter((each) => /^[a-z-]{1,20}$/.test(each)).slice(0, 8),
        backedUp: info.credentialBackedUp,
        rpId: site.rpId,
      },
      provider: passkeyProvider(info.aaguid),
    };
  } catch {
    // The library throws at everything that does not fit, and at everything that is no answer at all.
    return null;
  }
}

/** The name, with a number behind it when there is one of that name. */
function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${name} ${number}`)) return `${name} ${number}`;
  }
}
