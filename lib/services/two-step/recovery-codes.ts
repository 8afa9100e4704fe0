import { randomBytes } from "node:crypto";
import { config } from "@/lib/config";
import { recoveryCodeDigest } from "@/lib/crypto/digest";
import { secretInUse } from "@/lib/crypto/keys";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import {
  formatRecoveryCode,
  readRecoveryCode,
  recoveryCodeBytes,
  recoveryCodeCount,
} from "@/lib/domain/second-factor";
import { noticeMail, queueMail } from "../mail/queue";
import { selfUseCase } from "../use-case";
import { countRecoveryCodes, secondFactorsOf } from "./second-factors";

/**
 * The only form in which a code is kept: an HMAC under a key that is not in the database, over user and code,
 * so that a row moved to another user opens nothing. A slow hash such as argon2 is for what people make up;
 * a code has 120 random bits (older ones 80), so nobody finds it by trying, and a fast look-up needs no list of
 * hashes to verify.
 */
const digested = (userId: string, letters: string) => `${userId} ${letters}`;

/** Makes ten codes in place of all older ones. They can be seen only now. */
async function makeRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, () =>
    formatRecoveryCode(randomBytes(recoveryCodeBytes)),
  );
  const secretId = secretInUse();
  const data = codes.map((code) => {
    const digest = new Uint8Array(recoveryCodeDigest(digested(userId, readRecoveryCode(code) ?? "")));
    return { userId, digest, secretId };
  });
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data });
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
    where: { userId, digest: { in: recoveryCodeDigest.each(digested(userId, letters)) }, usedAt: null },
    data: { usedAt: now },
  });
  if (count !== 1) return false;
  const left = await countRecoveryCodes(tx, userId);
  await queueMail(tx, noticeMail("recovery_code_used", email, { left }, person));
  return true;
}

/**
 * Makes ten new recovery codes; the old ones end.
 *
 * @returns the codes, which can be seen only now
 * @throws Refusal `forbidden`, `proof_required`, or `conflict` when there is no second factor to recover
 */
export const regenerateRecoveryCodes = selfUseCase({
  proof: true,
  run: async ({ tx, actor }) => {
    const { userId, email } = actor;
    if ((await secondFactorsOf(tx, userId)).length === 0) throw new Refusal("conflict");
    return {
      result: { recoveryCodes: await makeRecoveryCodes(tx, userId) },
      event: { action: "two_step.recovery_codes_made", targetType: "user" },
      mails: [noticeMail("second_factor_added", email, { factor: "recovery_codes" }, actor)],
    };
  },
});

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
