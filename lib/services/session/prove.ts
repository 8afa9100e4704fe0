import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { invalidField } from "@/lib/domain/errors";
import { readRecoveryCode } from "@/lib/domain/recovery-code";
import type { SecondFactor } from "@/lib/domain/second-factor";
import { verifyPassword } from "../account/password-hash";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { spendRecoveryCode } from "../two-step/recovery-codes";
import { spendTotpCode } from "../two-step/totp-factor";
import { couldBePassword, credentialsSchema } from "./credentials";
import { limitProof, settleProof } from "./login-limit";
import { markProven, type ProofWay, recordWrongPassword } from "./mark-proven";
import { secondFactorsOf } from "./second-factors";

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
