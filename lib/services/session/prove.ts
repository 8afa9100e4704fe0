import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import type { AuditDetails } from "@/lib/domain/audit-event";
import { invalidField, Refusal } from "@/lib/domain/errors";
import type { PasskeySite } from "@/lib/domain/passkey";
import { readRecoveryCode, type SecondFactor } from "@/lib/domain/second-factor";
import { verifyPassword } from "../account/password-hash";
import type { AuditRecord } from "../audit/append";
import { authorize } from "../authorize";
import { type Change, change } from "../change";
import { parse } from "../parse";
import {
  type Assertion,
  type AssertionOptions,
  assertionOptions,
  spendAssertion,
} from "../passkeys/assertion";
import { spendRecoveryCode } from "../two-step/recovery-codes";
import { secondFactorsOf } from "../two-step/second-factors";
import { spendTotpCode } from "../two-step/totp";
import { couldBePassword, credentialsSchema } from "./credentials";
import { limitProof, settleProof } from "./login-limit";

/** What someone proved with who they are. */
type ProofWay = "password" | "totp" | "recovery_code" | "passkey";

/** A proof that was given at a provider: by its name, and when. */
interface ProofElsewhere {
  readonly way: "provider";
  readonly at: Date;
  readonly to: string;
}

/** What was brought to prove it, where it proved nothing. */
type FailedProof = "password" | "code" | "passkey" | "provider";

/**
 * Notes in the session that its person has just proved who they are, once `check` says with what. It says null
 * for what proves nothing: that goes into the trail instead. Callers count tries before, which bounds the trail.
 *
 * @returns whether it was proved
 * @throws Refusal `unauthenticated` when the session is over
 */
export function markProven(
  actor: Actor,
  brought: FailedProof,
  check: (change: Change) => Promise<ProofWay | ProofElsewhere | null>,
): Promise<boolean> {
  return change(actor, "self.change", async (open) => {
    const by = await check(open);
    if (!by)
      return {
        result: false,
        event: eventOf(actor, "session.proof_failed", { by: brought }),
        altersDecision: false,
      };
    const elsewhere = typeof by === "object";
    const { count } = await open.tx.session.updateMany({
      where: { id: actor.sessionId, accountId: actor.accountId, revokedAt: null },
      data: { provenAt: elsewhere ? by.at : new Date() },
    });
    if (count === 0) throw new Refusal("unauthenticated");
    const details = elsewhere ? { by: by.way, to: by.to } : { by };
    return { result: true, event: eventOf(actor, "session.proved", details), altersDecision: false };
  });
}

/** Puts a wrong password, which needs no transaction to be found out, into the trail. */
export async function recordWrongPassword(actor: Actor): Promise<void> {
  await markProven(actor, "password", async () => null);
}

function eventOf(
  { sessionId }: Actor,
  action: "session.proved" | "session.proof_failed",
  details: AuditDetails,
): AuditRecord {
  return { action, targetType: "session", targetId: sessionId, details };
}

const schema = z.object({ password: credentialsSchema.shape.password, code: z.string().optional() });

/** The second factors of the actor: what a proof by password takes besides. */
export async function proofFactors(actor: Actor): Promise<readonly SecondFactor[]> {
  authorize(actor, "self.change");
  return secondFactorsOf(db, actor.userId);
}

/**
 * Proves again who acts, so that what can hurt may be done for some minutes. It takes what sign-in takes: the
 * password, and for those with a second factor a code of their app or a recovery code. Each session has
 * tries of its own: whoever guesses elsewhere keeps nobody from their own brakes.
 *
 * @throws Refusal `limited` (with retryAfter), or `invalid` (password: required, password_wrong; code:
 *   required, code_wrong)
 */
export async function prove(actor: Actor, input: { password: string; code?: string }): Promise<void> {
  authorize(actor, "self.change");
  const { password, code = "" } = parse(schema, input);
  const two = (await secondFactorsOf(db, actor.userId)).length > 0;
  if (two && code.trim() === "") throw invalidField("code", "required");
  await limitProof(actor.sessionId, two && readRecoveryCode(code) === null ? "code" : "password");
  const user = await db.user.findUnique({ where: { id: actor.userId }, select: { passwordHash: true } });
  const usable = couldBePassword(password);
  if (!(await verifyPassword(user?.passwordHash, usable ? password : ""))) {
    await recordWrongPassword(actor);
    throw invalidField("password", "password_wrong");
  }
  const right = await markProven(actor, "code", async ({ tx }) =>
    two ? codeWay(tx, actor, code) : "password",
  );
  // Thrown out here, so that the failure stays on record.
  if (!right) throw invalidField("code", "code_wrong");
  await settleProof(actor.sessionId);
}

async function codeWay(tx: Transaction, actor: Actor, code: string): Promise<ProofWay | null> {
  const { userId } = actor;
  const now = new Date();
  if (await spendTotpCode(tx, { userId, active: true }, code, now)) return "totp";
  return (await spendRecoveryCode(tx, actor, code, now)) ? "recovery_code" : null;
}

const purposeOf = (actor: Actor) => ({ act: "prove", subject: actor.sessionId }) as const;

/** Asks for one of the actor's passkeys, to prove again who acts. */
export async function startPasskeyProof(actor: Actor, site: PasskeySite): Promise<AssertionOptions> {
  authorize(actor, "self.change");
  return assertionOptions(purposeOf(actor), site, actor.userId);
}

/**
 * Proves again who acts, by a passkey. Its holder was checked by the authenticator, so it is as much as
 * password and code together.
 *
 * @throws Refusal `passkey_failed`, or `limited` (with retryAfter)
 */
export async function proveWithPasskey(actor: Actor, assertion: Assertion, site: PasskeySite): Promise<void> {
  authorize(actor, "self.change");
  await limitProof(actor.sessionId, "passkey");
  const right = await markProven(actor, "passkey", async ({ tx }) => {
    const expected = { purpose: purposeOf(actor), site, userId: actor.userId };
    return (await spendAssertion(tx, assertion, expected, new Date())) ? "passkey" : null;
  });
  if (!right) throw new Refusal("passkey_failed");
  await settleProof(actor.sessionId);
}
