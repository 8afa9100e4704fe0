import { config } from "@/lib/config";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { secondFactorsOf } from "../session/second-factors";
import { makeRecoveryCodes } from "./recovery-codes";

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
