import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import {
  challengeSeconds,
  type PasskeySite,
  type PasskeyView,
  passkeyProvider,
  passkeysMax,
} from "@/lib/domain/passkey";
import type { FactorAdded } from "@/lib/domain/second-factor";
import { noticeMail } from "../mail/queue";
import { nameSchema } from "../parse";
import { codesForFirstFactor, settleRemoval } from "../two-step/recovery-codes";
import { readUseCase, selfUseCase } from "../use-case";
import { challengeFor, isOpenChallenge, spendChallenge } from "./assertion";

/** The actor's own passkeys, the oldest first. `host` is where the page was opened, to tell which of them work there. */
export const listPasskeys = readUseCase({
  permission: "self.change",
  input: z.object({ host: z.custom<string>() }),
  run: async ({ userId }, { host }): Promise<PasskeyView[]> => {
    const rows = await db.passkey.findMany({
      where: { userId },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { id: true, name: true, createdAt: true, lastUsedAt: true, backedUp: true, rpId: true },
    });
    return rows.map(({ backedUp, rpId, ...row }) => ({
      ...row,
      synced: backedUp,
      otherHost: rpId === host ? null : rpId,
    }));
  },
});

/** What the browser is asked to make a passkey from. */
export type PasskeyOptions = PublicKeyCredentialCreationOptionsJSON;

const purposeOf = (actor: Actor) => ({ act: "add", subject: actor.sessionId }) as const;

/**
 * Asks for a new passkey: one that can be found without an e-mail address, and that checks who holds it.
 * Authenticators that hold one of this person's already are left out.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `passkeys_full`
 */
export const startPasskey = readUseCase({
  permission: "self.change",
  proof: true,
  input: z.object({ site: z.custom<PasskeySite>() }),
  run: async (actor, { site }): Promise<PasskeyOptions> => {
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
      challenge: challengeFor(purposeOf(actor)),
      timeout: challengeSeconds * 1000,
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: passkeys
        .filter(({ rpId }) => rpId === site.rpId)
        .map(({ credentialId: id, transports }) => ({ id, transports })),
    });
  },
});

/** What the browser answers when it made a passkey. It comes from outside: every part of it may be forged. */
export type NewPasskey = RegistrationResponseJSON;

/**
 * Keeps a passkey that the browser made (WebAuthn Level 3 §7.1), named after its keeper. It is a second
 * factor from now on, and signs in alone.
 *
 * @returns recovery codes, when this is the first factor; they can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, `passkeys_full`, or `passkey_failed` when the answer is not
 *   one to our question, is used already, or is of a passkey that is known here
 */
export const addPasskey = selfUseCase({
  proof: true,
  input: z.object({ answer: z.custom<NewPasskey>(), site: z.custom<PasskeySite>() }),
  before: async (actor, { answer, site }) => {
    const made = await verified(actor, answer, site);
    if (!made) throw new Refusal("passkey_failed");
    return made;
  },
  run: async ({ tx, actor }, _input, made) => {
    if (!(await spendChallenge(tx, made.challenge, new Date()))) throw new Refusal("passkey_failed");
    const { userId, email } = actor;
    const passkeys = await tx.passkey.findMany({ where: { userId }, select: { name: true } });
    if (passkeys.length >= passkeysMax) throw new Refusal("passkeys_full");
    const result: FactorAdded = { recoveryCodes: await codesForFirstFactor(tx, userId) };
    const names = passkeys.map((each) => each.name);
    const name = freeName(made.provider ?? "Passkey", names);
    const data = [{ ...made.data, userId, name }];
    const { count } = await tx.passkey.createMany({ data, skipDuplicates: true });
    if (count === 0) throw new Refusal("passkey_failed");
    return {
      result,
      event: { action: "passkey.added", targetType: "user", targetLabel: name },
      mails: [noticeMail("second_factor_added", email, { factor: "passkey" }, actor)],
    };
  },
});

/** What is known of a passkey that was made; null when the answer is none to our question. */
async function verified(actor: Actor, answer: NewPasskey, site: PasskeySite) {
  const now = new Date();
  let challenge = "";
  try {
    const { registrationInfo: info } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: (text) => {
        challenge = text;
        return isOpenChallenge(text, purposeOf(actor), now);
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

/**
 * One of the user's own passkeys.
 *
 * @throws Refusal `not_found` when it is somebody else's, or gone
 */
async function findPasskey(tx: Transaction, userId: string, id: string) {
  const known = z.uuid().safeParse(id).success;
  const select = { id: true, name: true } as const;
  const passkey = known && (await tx.passkey.findFirst({ where: { id, userId }, select }));
  if (!passkey) throw new Refusal("not_found");
  return passkey;
}

/**
 * Gives a passkey another name. It is only what its owner calls it, so no proof is asked for.
 *
 * @throws Refusal `forbidden`, `not_found`, or `invalid` (name)
 */
export const renamePasskey = selfUseCase({
  proof: false,
  input: z.object({ passkeyId: z.string(), name: nameSchema }),
  run: async ({ tx, actor: { userId } }, { passkeyId, name }) => {
    const { id, name: from } = await findPasskey(tx, userId, passkeyId);
    if (from === name) return { result: undefined, event: null };
    await tx.passkey.update({ where: { id, userId }, data: { name } });
    return {
      result: undefined,
      event: { action: "passkey.renamed", targetType: "user", targetLabel: name, details: { from } },
    };
  },
});

/**
 * Removes a passkey: its signatures are worth nothing from now on.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `two_step_last` when it is the last second
 *   factor and an account requires one
 */
export const removePasskey = selfUseCase({
  proof: true,
  input: z.object({ passkeyId: z.string() }),
  run: async ({ tx, actor }, { passkeyId }) => {
    const { userId, email } = actor;
    const { id, name } = await findPasskey(tx, userId, passkeyId);
    await tx.passkey.delete({ where: { id, userId } });
    await settleRemoval(tx, userId);
    return {
      result: undefined,
      event: { action: "passkey.removed", targetType: "user", targetLabel: name },
      mails: [noticeMail("second_factor_removed", email, { factor: "passkey" }, actor)],
    };
  },
});
