import { z } from "zod";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { TwoStepView } from "@/lib/domain/second-factor";
import { authorize } from "../authorize";
import { change } from "../change";
import { parse } from "../parse";
import {
  countRecoveryCodes,
  factorColumns,
  factorsIn,
  requiresTwoStep,
  secondFactorsOf,
} from "./second-factors";

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

const schema = z.object({ required: z.boolean() });

/**
 * Requires two-step sign-in of every member of the account, or no longer. From the next request on, members
 * without a second factor can do nothing here but set one up.
 *
 * @throws Refusal `forbidden`, `proof_required`, `two_step_by_server` where REQUIRE_TWO_STEP leaves nothing to
 *   choose, or `two_step_own_first`: whoever requires it must have it
 */
export async function requireTwoStep(actor: Actor, input: { required: boolean }): Promise<void> {
  authorize(actor, "account.protect");
  const { required } = parse(schema, input);
  if (config().requireTwoStep) throw new Refusal("two_step_by_server");
  await change(actor, "account.protect", async ({ tx, account }) => {
    if (required && (await secondFactorsOf(tx, actor.userId)).length === 0) {
      throw new Refusal("two_step_own_first");
    }
    const { count } = await tx.account.updateMany({
      where: { id: account.id, requireTwoStep: !required },
      data: { requireTwoStep: required },
    });
    const action = required ? "two_step.required" : "two_step.not_required";
    return {
      result: undefined,
      event: count > 0 ? { action, targetType: "account", targetId: account.id } : null,
      altersDecision: false,
    };
  });
}
