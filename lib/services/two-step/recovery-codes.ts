import { randomBytes } from "node:crypto";
import { config } from "@/lib/config";
import { recoveryCodeDigest } from "@/lib/crypto/digest";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor, Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import {
  formatRecoveryCode,
  readRecoveryCode,
  recoveryCodeBytes,
  recoveryCodeCount,
} from "@/lib/domain/second-factor";
import { authorize, requireProof } from "../authorize";
import { changeSelf } from "../change-self";
import { queueNotice } from "../mail/queue";
import { countRecoveryCodes, secondFactorsOf } from "./second-factors";

/**
 * The only form in which a code is kept: an HMAC under a key that is not in the database, over user and code,
 * so that a row moved to another user opens nothing. A slow hash such as argon2 is for what people make up;
 * a code has 120 random bits (older ones 80), so nobody finds it by trying, and a fast look-up needs no list of
 * hashes to verify.
 */
function digestOf(userId: string, letters: string): Buffer {
  return recoveryCodeDigest(`${userId} ${letters}`);
}

/** Makes ten codes in place of all older ones. They can be seen only now. */
export async function makeRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, () =>
    formatRecoveryCode(randomBytes(recoveryCodeBytes)),
  );
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({
    data: codes.map((code) => ({
      userId,
      digest: Buffer.from(digestOf(userId, readRecoveryCode(code) ?? "")),
    })),
  });
  return codes;
}

/**
 * True when this is an unused code of the user; uses it up and tells them by mail. Of two who bring it at once
 * one gets true.
 */
export async function spendRecoveryCode(
  tx: Transaction,
  person: Origin & { readonly userId: string; readonly email: string },
  typed: string,
  now: Date,
): Promise<boolean> {
  const { userId, email } = person;
  const letters = readRecoveryCode(typed);
  if (letters === null) return false;
  const { count } = await tx.recoveryCode.updateMany({
    where: { userId, digest: Buffer.from(digestOf(userId, letters)), usedAt: null },
    data: { usedAt: now },
  });
  if (count !== 1) return false;
  const left = await countRecoveryCodes(tx, userId);
  await queueNotice(tx, "recovery_code_used", email, { left }, person);
  return true;
}

/**
 * Makes ten new recovery codes; the old ones end.
 *
 * @returns the codes, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, or `conflict` when there is no second factor to recover
 */
export async function regenerateRecoveryCodes(actor: Actor): Promise<{ recoveryCodes: readonly string[] }> {
  authorize(actor, "self.change");
  requireProof(actor);
  return changeSelf(actor, async (tx) => {
    const factors = await secondFactorsOf(tx, actor.userId);
    if (factors.length === 0) throw new Refusal("conflict");
    const recoveryCodes = await makeRecoveryCodes(tx, actor.userId);
    await queueNotice(tx, "second_factor_added", actor.email, { factor: "recovery_codes" }, actor);
    return {
      result: { recoveryCodes },
      event: { action: "two_step.recovery_codes_made", targetType: "user" },
    };
  });
}

/**
 * To be called before a factor is added. Whoever turns two-step sign-in on gets recovery codes with it.
 *
 * @returns the codes when there is no factor yet, else null
 */
export async function codesForFirstFactor(tx: Transaction, userId: string): Promise<string[] | null> {
  const factors = await secondFactorsOf(tx, userId);
  return factors.length === 0 ? makeRecoveryCodes(tx, userId) : null;
}

/**
 * To be called after a factor was removed, in the same transaction. With the last one the recovery codes go,
 * and a sign-in needs the password only.
 *
 * @throws Refusal `two_step_last` when it was the last one and an account of this person or the server requires one
 */
export async function settleRemoval(tx: Transaction, userId: string): Promise<void> {
  const factors = await secondFactorsOf(tx, userId);
  if (factors.length > 0) return;
  if (config().requireTwoStep) throw new Refusal("two_step_last");
  const requiring = await tx.membership.count({ where: { userId, account: { requireTwoStep: true } } });
  if (requiring > 0) throw new Refusal("two_step_last");
  await tx.recoveryCode.deleteMany({ where: { userId } });
}
