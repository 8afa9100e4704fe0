import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { can } from "@/lib/domain/permissions";
import type { TwoStepView } from "@/lib/domain/second-factor";
import { authorize } from "../authorize";
import { countRecoveryCodes, factorColumns, factorsIn, requiresTwoStep } from "../session/second-factors";

/**
 * The actor's own two-step sign-in; for those who may require it of everyone, who would have to set it up.
 *
 * @throws Refusal `forbidden`
 */
export async function readTwoStep(actor: Actor): Promise<TwoStepView> {
  authorize(actor, "self.change");
  const { userId, accountId } = actor;
  const [user, totp, recoveryCodesLeft, account, everyone] = await Promise.all([
    db.user.findUniqueOrThrow({ where: { id: userId }, select: factorColumns }),
    db.totp.findFirst({ where: { userId, active: true }, select: { createdAt: true, lastUsedAt: true } }),
    countRecoveryCodes(db, userId),
    db.account.findUniqueOrThrow({ where: { id: accountId }, select: { requireTwoStep: true } }),
    can(actor.role, "account.protect") && !actor.twoStepMissing ? readEveryone(accountId) : null,
  ]);
  return {
    factors: factorsIn(user),
    totp: totp && { addedAt: totp.createdAt, lastUsedAt: totp.lastUsedAt },
    recoveryCodesLeft,
    required: requiresTwoStep(account),
    requiredByServer: config().requireTwoStep,
    everyone,
  };
}

async function readEveryone(accountId: string): Promise<NonNullable<TwoStepView["everyone"]>> {
  const members = await db.membership.findMany({
    where: { accountId },
    orderBy: { createdAt: "asc" },
    select: { user: { select: { email: true, ...factorColumns } } },
  });
  const without = members.filter(({ user }) => factorsIn(user).length === 0);
  return { members: members.length, without: without.map(({ user }) => user.email) };
}
