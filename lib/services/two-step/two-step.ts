import { z } from "zod";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { operator } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { can } from "@/lib/domain/permissions";
import type { TwoStepView } from "@/lib/domain/second-factor";
import { normaliseEmail, whereEmail } from "../account/email-address";
import { noticeMail } from "../mail/queue";
import { endLiveSessions } from "../session/end-sessions";
import { forgetPendingSignIns } from "../session/pending-sign-in";
import { changePerson, changeUseCase, readUseCase } from "../use-case";
import {
  countRecoveryCodes,
  factorColumns,
  factorsIn,
  requiresTwoStep,
  secondFactorsOf,
} from "./second-factors";

/** The actor's own two-step sign-in; for those who may require it of everyone, who would have to set it up. */
export const readTwoStep = readUseCase({
  permission: "self.change",
  run: async ({ userId, accountId, role, twoStepMissing }): Promise<TwoStepView> => {
    const [user, totp, recoveryCodesLeft, account, everyone] = await Promise.all([
      db.user.findUniqueOrThrow({ where: { id: userId }, select: factorColumns }),
      db.totp.findFirst({ where: { userId, active: true }, select: { createdAt: true, lastUsedAt: true } }),
      countRecoveryCodes(db, userId),
      db.account.findUniqueOrThrow({ where: { id: accountId }, select: { requireTwoStep: true } }),
      can(role, "account.protect") && !twoStepMissing ? readEveryone(accountId) : null,
    ]);
    return {
      factors: factorsIn(user),
      totp: totp && { addedAt: totp.createdAt, lastUsedAt: totp.lastUsedAt },
      recoveryCodesLeft,
      required: requiresTwoStep(account),
      requiredByServer: config().requireTwoStep,
      everyone,
    };
  },
});

async function readEveryone(accountId: string): Promise<NonNullable<TwoStepView["everyone"]>> {
  const members = await db.membership.findMany({
    where: { accountId },
    orderBy: { createdAt: "asc" },
    select: { user: { select: { email: true, ...factorColumns } } },
  });
  const without = members.filter(({ user }) => factorsIn(user).length === 0);
  return { members: members.length, without: without.map(({ user }) => user.email) };
}

/**
 * Requires two-step sign-in of every member of the account, or no longer. From the next request on, members
 * without a second factor can do nothing here but set one up.
 *
 * @throws Refusal `forbidden`, `proof_required`, `two_step_by_server` where REQUIRE_TWO_STEP leaves nothing to
 *   choose, or `two_step_own_first`: whoever requires it must have it
 */
export const requireTwoStep = changeUseCase({
  permission: "account.protect",
  altersDecision: false,
  input: z.object({ required: z.boolean() }),
  run: async ({ tx, account, actor }, { required }) => {
    if (config().requireTwoStep) throw new Refusal("two_step_by_server");
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
    };
  },
});

/** What an operator's reset took from a person. */
interface TwoStepReset {
  readonly email: string;
  readonly apps: number;
  readonly passkeys: number;
  /** Unused ones. */
  readonly recoveryCodes: number;
  readonly sessions: number;
}

/**
 * Removes every second factor and recovery code of someone who has lost theirs, and ends their sessions, so that
 * the password alone signs them in. Each of their accounts gets the event, without an actor, and they are told by
 * mail. Whoever calls this stands at the machine: it asks for no permission and must not be reachable by the web.
 *
 * @returns what was removed; null when nobody has this address
 */
export async function resetTwoStep(typed: string): Promise<TwoStepReset | null> {
  const where = whereEmail(normaliseEmail(typed));
  const user = await db.user.findUnique({ where, select: { id: true, email: true } });
  if (!user) return null;
  const { id: userId, email } = user;
  return changePerson(userId, operator, async (tx) => {
    const apps = await tx.totp.count({ where: { userId, active: true } });
    await tx.totp.deleteMany({ where: { userId } });
    const { count: passkeys } = await tx.passkey.deleteMany({ where: { userId } });
    const recoveryCodes = await countRecoveryCodes(tx, userId);
    await tx.recoveryCode.deleteMany({ where: { userId } });
    await forgetPendingSignIns(tx, userId);
    const sessions = await endLiveSessions(tx, { userId });
    const details = { count: apps + passkeys };
    return {
      result: { email, apps, passkeys, recoveryCodes, sessions },
      event: { action: "two_step.reset", targetType: "user", targetLabel: email, details },
      mails: [noticeMail("second_factor_removed", email, { factor: "all" }, operator)],
    };
  });
}
