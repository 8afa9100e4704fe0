import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { leavesAnOwner, type MemberView, mayGrant } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { liveAt } from "../session/session";
import { factorColumns, factorsIn } from "../two-step/second-factors";
import { changeUseCase, readUseCase } from "../use-case";
import { findMember, memberEvent, roleSchema } from "./find";

/** The members of the account: owners first, then by address. */
export const listMembers = readUseCase({
  permission: "member.read",
  run: async ({ accountId, userId }): Promise<MemberView[]> => {
    const [rows, seen] = await Promise.all([
      db.membership.findMany({
        where: { accountId },
        orderBy: [{ role: "asc" }, { user: { email: "asc" } }],
        select: {
          role: true,
          createdAt: true,
          user: { select: { id: true, email: true, name: true, ...factorColumns } },
        },
      }),
      db.session.groupBy({ by: ["userId"], where: { accountId }, _max: { lastSeenAt: true } }),
    ]);
    const lastSeen = new Map(seen.map((row) => [row.userId, row._max.lastSeenAt]));
    return rows.map(({ role, createdAt, user }) => ({
      userId: user.id,
      email: user.email,
      name: user.name,
      role,
      joinedAt: createdAt,
      lastSeenAt: lastSeen.get(user.id) ?? null,
      twoStep: factorsIn(user).length > 0,
      self: user.id === userId,
    }));
  },
});

/**
 * Keeps an account from losing its last owner. To be asked under the account's lock.
 *
 * @param next the role that the member gets; null when they leave
 * @throws Refusal `last_owner`
 */
async function requireOwnerLeft(
  tx: Transaction,
  accountId: string,
  from: Role,
  next: Role | null,
): Promise<void> {
  const owners = await tx.membership.count({ where: { accountId, role: "owner" } });
  if (!leavesAnOwner(owners, from, next)) throw new Refusal("last_owner");
}

const membershipOf = (userId: string, accountId: string) => ({ userId_accountId: { userId, accountId } });

/**
 * Gives a member another role. It counts from their next click on.
 *
 * @throws Refusal `forbidden` (an admin and an owner's role), `proof_required`, `not_found`, `last_owner`, or
 *   `invalid` (role)
 */
export const changeMemberRole = changeUseCase({
  permission: "member.change",
  altersDecision: false,
  input: z.object({ userId: z.string(), role: roleSchema }),
  run: async ({ tx, account, actor }, { userId, role }) => {
    const member = await findMember(tx, account.id, userId);
    if (!mayGrant(actor.role, member.role) || !mayGrant(actor.role, role)) throw new Refusal("forbidden");
    if (member.role === role) return { result: undefined, event: null };
    await requireOwnerLeft(tx, account.id, member.role, role);
    await tx.membership.update({ where: membershipOf(member.id, account.id), data: { role } });
    const params = { account: account.name, role, by: actor.email };
    return {
      result: undefined,
      event: memberEvent("member.role_changed", member, { from: member.role, to: role }),
      mails: [{ to: member.email, template: "role_changed", params }],
    };
  },
});

/**
 * Ends the sessions of a colleague in this account at once, for one whose device was lost or whose password is known
 * to others. They stay a member and sign in again. Sessions of theirs in other accounts stay where they are, and
 * come back into this one only after a new proof.
 *
 * @throws Refusal `forbidden` (an admin and an owner, or oneself), `proof_required`, `not_found`
 */
export const endMemberSessions = changeUseCase({
  permission: "member.change",
  altersDecision: false,
  input: z.object({ userId: z.string() }),
  run: async ({ tx, account, actor }, { userId }) => {
    const member = await findMember(tx, account.id, userId);
    if (member.id === actor.userId || !mayGrant(actor.role, member.role)) throw new Refusal("forbidden");
    const now = new Date();
    const { count } = await tx.session.updateMany({
      where: { userId: member.id, accountId: account.id, ...liveAt(now) },
      data: { revokedAt: now },
    });
    await tx.membership.update({
      where: membershipOf(member.id, account.id),
      data: { sessionsEndedAt: now },
    });
    const params = { account: account.name, by: actor.email };
    return {
      result: undefined,
      event: memberEvent("member.sessions_ended", member, { count }),
      mails: [{ to: member.email, template: "sessions_ended", params }],
    };
  },
});

/**
 * Hands the account over: the member becomes an owner and the actor an admin, both or neither.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `conflict` for oneself
 */
export const transferOwnership = changeUseCase({
  permission: "account.transfer",
  altersDecision: false,
  input: z.object({ userId: z.string() }),
  run: async ({ tx, account, actor }, { userId }) => {
    const member = await findMember(tx, account.id, userId);
    if (member.id === actor.userId) throw new Refusal("conflict");
    await tx.membership.update({ where: membershipOf(member.id, account.id), data: { role: "owner" } });
    await tx.membership.update({ where: membershipOf(actor.userId, account.id), data: { role: "admin" } });
    const params = { account: account.name, role: "owner", by: actor.email } as const;
    return {
      result: undefined,
      event: memberEvent("member.ownership_transferred", member, { from: member.role }),
      mails: [{ to: member.email, template: "role_changed", params }],
    };
  },
});

/**
 * Removes a member: their sessions in this account end at once. Their other accounts stay.
 *
 * @throws Refusal `forbidden` (an admin and an owner), `proof_required`, `not_found`, `last_owner`
 */
export const removeMember = changeUseCase({
  permission: "member.change",
  altersDecision: false,
  input: z.object({ userId: z.string() }),
  run: async ({ tx, account, actor }, { userId }) => {
    const member = await findMember(tx, account.id, userId);
    if (!mayGrant(actor.role, member.role)) throw new Refusal("forbidden");
    await requireOwnerLeft(tx, account.id, member.role, null);
    await tx.membership.delete({ where: membershipOf(member.id, account.id) });
    await tx.session.updateMany({
      where: { userId: member.id, accountId: account.id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    const params = { account: account.name, by: actor.email };
    return {
      result: undefined,
      event: memberEvent("member.removed", member, { from: member.role }),
      mails: [{ to: member.email, template: "member_removed", params }],
    };
  },
});

/**
 * Takes the actor out of the account. They stay signed in, in no account until they choose another.
 *
 * @throws Refusal `proof_required`, `last_owner`
 */
export const leaveAccount = changeUseCase({
  permission: "member.leave",
  altersDecision: false,
  run: async ({ tx, account, actor: { userId, email, role } }) => {
    await requireOwnerLeft(tx, account.id, role, null);
    await tx.membership.delete({ where: membershipOf(userId, account.id) });
    await tx.session.updateMany({ where: { userId, accountId: account.id }, data: { accountId: null } });
    return { result: undefined, event: memberEvent("member.left", { id: userId, email }, { from: role }) };
  },
});
