import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import type { AuditDetails } from "@/lib/domain/audit-event";
import { invalidField, Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import { readRecoveryCode, type SecondFactor } from "@/lib/domain/second-factor";
import { verifyPassword } from "../account/password-rules";
import type { AuditRecord } from "../audit/append";
import { type Assertion, assertionOptions, spendAssertion } from "../passkeys/assertion";
import { spendRecoveryCode } from "../two-step/recovery-codes";
import { secondFactorsOf } from "../two-step/second-factors";
import { spendTotpCode } from "../two-step/totp";
import { type Change, changeUseCase, readUseCase } from "../use-case";
import { limitProof, settleProof } from "./login-limit";
import { credentialsSchema } from "./sign-in";

/** What was brought to prove who acts, where it proved nothing. */
type FailedProof = "password" | "code" | "passkey" | "provider";

/** The event of a proof that failed. Callers count tries before, which bounds the trail. */
export function failedProof({ sessionId }: Pick<Actor, "sessionId">, by: FailedProof): AuditRecord {
  return {
    action: "session.proof_failed",
    targetType: "session",
    targetId: sessionId,
    details: { by },
  };
}

/**
 * Notes in the session that its person has proved who they are.
 *
 * @param details by what
 * @param at when, if not just now
 * @returns the event
 * @throws Refusal `unauthenticated` when the session is over
 */
export async function noteProof(
  { tx, account, actor: { sessionId } }: Change,
  details: AuditDetails,
  at: Date = new Date(),
): Promise<AuditRecord> {
  const { count } = await tx.session.updateMany({
    where: { id: sessionId, accountId: account.id, revokedAt: null },
    data: { provenAt: at },
  });
  if (count === 0) throw new Refusal("unauthenticated");
  return { action: "session.proved", targetType: "session", targetId: sessionId, details };
}

/** Records a wrong password, which needs no transaction to be found out. */
const recordWrongPassword = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  run: async ({ actor }) => ({ result: undefined, event: failedProof(actor, "password") }),
});

/**
 * Asks for the actor's password. A wrong one goes on record. Callers count the try before.
 *
 * @param field where it was typed
 * @returns the hash that it belongs to
 * @throws Refusal `invalid` (the field: password_wrong)
 */
export async function requirePassword(actor: Actor, typed: string, field: string): Promise<string> {
  const select = { passwordHash: true } as const;
  const user = await db.user.findUnique({ where: { id: actor.userId }, select });
  if (await verifyPassword(user?.passwordHash, typed)) return user?.passwordHash ?? "";
  await recordWrongPassword(actor);
  throw invalidField(field, "password_wrong");
}

/** The second factors of the actor: what a proof by password takes besides. */
export const proofFactors = readUseCase({
  permission: "self.change",
  run: ({ userId }): Promise<readonly SecondFactor[]> => secondFactorsOf(db, userId),
});

/**
 * Proves again who acts, so that what can hurt may be done for some minutes. It takes what sign-in takes: the
 * password, and for those with a second factor a code of their app or a recovery code. Each session has
 * tries of its own: whoever guesses elsewhere keeps nobody from their own brakes.
 *
 * @throws Refusal `limited` (with retryAfter), or `invalid` (password: required, password_wrong; code:
 *   required, code_wrong)
 */
export const prove = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  input: z.object({ password: credentialsSchema.shape.password, code: z.string().optional().default("") }),
  before: async (actor, { password, code }) => {
    const two = (await secondFactorsOf(db, actor.userId)).length > 0;
    if (two && code.trim() === "") throw invalidField("code", "required");
    await limitProof(actor.sessionId, two && readRecoveryCode(code) === null ? "code" : "password");
    await requirePassword(actor, password, "password");
    return { two };
  },
  run: async (change, { code }, { two }) => {
    const { tx, actor } = change;
    const by = two ? await spendCode(tx, actor, code) : "password";
    if (by) return { result: undefined, event: await noteProof(change, { by }) };
    return { refusal: invalidField("code", "code_wrong"), event: failedProof(actor, "code") };
  },
  after: ({ sessionId }) => settleProof(sessionId),
});

async function spendCode(tx: Transaction, actor: Actor, code: string) {
  const now = new Date();
  if (await spendTotpCode(tx, { userId: actor.userId, active: true }, code, now)) return "totp";
  return (await spendRecoveryCode(tx, actor, code, now)) ? "recovery_code" : null;
}

const purposeOf = (actor: Actor) => ({ act: "prove", subject: actor.sessionId }) as const;

/** Asks for one of the actor's passkeys, to prove again who acts. */
export const startPasskeyProof = readUseCase({
  permission: "self.change",
  input: z.object({ site: z.custom<PasskeySite>() }),
  run: (actor, { site }) => assertionOptions(purposeOf(actor), site, actor.userId),
});

/**
 * Proves again who acts, by a passkey. Its holder was checked by the authenticator, so it is as much as
 * password and code together.
 *
 * @throws Refusal `passkey_failed`, or `limited` (with retryAfter)
 */
export const proveWithPasskey = changeUseCase({
  permission: "self.change",
  altersDecision: false,
  input: z.object({ answer: z.custom<Assertion>(), site: z.custom<PasskeySite>() }),
  before: ({ sessionId }) => limitProof(sessionId, "passkey"),
  run: async (change, { answer, site }) => {
    const { tx, actor } = change;
    const expected = { purpose: purposeOf(actor), site, userId: actor.userId };
    if (await spendAssertion(tx, answer, expected, new Date())) {
      return { result: undefined, event: await noteProof(change, { by: "passkey" }) };
    }
    return { refusal: new Refusal("passkey_failed"), event: failedProof(actor, "passkey") };
  },
  after: ({ sessionId }) => settleProof(sessionId),
});
