import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { type SecondFactor, type SecondStepWay, secondStepWays } from "@/lib/domain/second-factor";

/** The columns of a user that tell which second factors it has. Every reader of that goes through these. */
export const factorColumns = {
  passkeys: { select: { id: true }, take: 1 },
  totps: { where: { active: true }, select: { id: true }, take: 1 },
} as const;

/** A user row with `factorColumns`. */
interface WithFactors {
  readonly passkeys: readonly unknown[];
  readonly totps: readonly unknown[];
}

/** The second factors of a user row, the easiest first. */
export function factorsIn(user: WithFactors): readonly SecondFactor[] {
  const factors: SecondFactor[] = [];
  if (user.passkeys.length > 0) factors.push("passkey");
  if (user.totps.length > 0) factors.push("totp");
  return factors;
}

/** Whether everyone in this account needs a second factor: it requires one, or whoever runs the server does. */
export function requiresTwoStep(account: { readonly requireTwoStep: boolean }): boolean {
  return config().requireTwoStep || account.requireTwoStep;
}

/** The second factors of a user as this transaction sees them. */
export async function secondFactorsOf(tx: Transaction, userId: string): Promise<readonly SecondFactor[]> {
  const user = await tx.user.findUnique({ where: { id: userId }, select: factorColumns });
  return user ? factorsIn(user) : [];
}

/** How many unused recovery codes a user has. */
export function countRecoveryCodes(tx: Transaction, userId: string): Promise<number> {
  return tx.recoveryCode.count({ where: { userId, usedAt: null } });
}

/** What the second step of this user's sign-in accepts; empty when there is no second step. */
export async function secondStepWaysOf(userId: string): Promise<readonly SecondStepWay[]> {
  const [factors, left] = await Promise.all([secondFactorsOf(db, userId), countRecoveryCodes(db, userId)]);
  return secondStepWays(factors, left);
}
