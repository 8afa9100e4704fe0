import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
} from "@simplewebauthn/server";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { challengeSeconds, type PasskeySite, passkeysMax } from "@/lib/domain/passkey";
import { authorize } from "../authorize";
import { requireProof } from "../session/require-proof";
import { challengeFor } from "./challenge";

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
