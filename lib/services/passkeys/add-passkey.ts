import { type RegistrationResponseJSON, verifyRegistrationResponse } from "@simplewebauthn/server";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { type PasskeySite, passkeysMax } from "@/lib/domain/passkey";
import { passkeyProvider } from "@/lib/domain/passkey-provider";
import type { FactorAdded } from "@/lib/domain/second-factor";
import { authorize } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue-notice";
import { requireProof } from "../session/require-proof";
import { codesForFirstFactor } from "../two-step/factor-count";
import { isOpenChallenge, spendChallenge } from "./challenge";

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
