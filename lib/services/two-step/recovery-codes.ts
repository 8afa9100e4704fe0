import { randomBytes } from "node:crypto";
import { recoveryCodeDigest } from "@/lib/crypto/digest";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { formatRecoveryCode, readRecoveryCode, recoveryCodeBytes } from "@/lib/domain/recovery-code";
import { recoveryCodeCount } from "@/lib/domain/second-factor";
import { queueNotice } from "../mail/queue-notice";
import { countRecoveryCodes } from "../session/second-factors";

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
