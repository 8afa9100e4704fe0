import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { leavesAnOwner, type MemberView, mayGrant } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { authorize } from "../authorize";
import { change } from "../change";
import { queueMail } from "../mail/queue";
import { parse } from "../parse";
import { liveAt } from "../session/session";
import { factorColumns, factorsIn } from "../two-step/second-factors";
import { findMember, memberEvent, roleSchema } from "./find";

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

/** The members of the account: owners first, then by address. */
export async function listMembers(actor: Actor): Promise<MemberView[]> {
  authorize(actor, "member.read");
  const { accountId } = actor;
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
    self: user.id === actor.userId,
  }));
}

const schema = z.object({ userId: z.string(), role: roleSchema });

/**
 * Gives a member another role. It counts from their next click on.
 *
 * @throws Refusal `forbidden` (an admin and an owner's role), `proof_required`, `not_found`, `last_owner`, or
 *   `invalid` (role)
 */
export async function changeMemberRole(actor: Actor, input: { userId: string; role: string }): Promise<void> {
  authorize(actor, "member.change");
  const { userId, role } = parse(schema, input);
  await change(actor, "member.change", async ({ tx, account, actor: now }) => {
    const member = await findMember(tx, account.id, userId);
    if (!mayGrant(now.role, member.role) || !mayGrant(now.role, role)) throw new Refusal("forbidden");
    if (member.role === role) return { result: undefined, event: null, altersDecision: false };
    await requireOwnerLeft(tx, account.id, member.role, role);
    const key = { userId: member.id, accountId: account.id };
    await tx.membership.update({ where: { userId_accountId: key }, data: { role } });
    const params = { account: account.name, role, by: actor.email };
    await queueMail(tx, { to: member.email, template: "role_changed", params });
    const event = memberEvent("member.role_changed", member, { from: member.role, to: role });
    return { result: undefined, event, altersDecision: false };
  });
}

const endSessionsSchema = z.object({ userId: z.string() });

/**
 * Ends the sessions of a colleague in this account at once, for one whose device was lost or whose password is known
 * to others. They stay a member and sign in again. Sessions of theirs in other accounts stay where they are, and
 * come back into this one only after a new proof.
 *
 * @throws Refusal `forbidden` (an admin and an owner, or oneself), `proof_required`, `not_found`
 */
export async function endMemberSessions(actor: Actor, input: { userId: string }): Promise<void> {
  authorize(actor, "member.change");
  const { userId } = parse(endSessionsSchema, input);
  await change(actor, "member.change", async ({ tx, account, actor: now }) => {
    const member = await findMember(tx, account.id, userId);
    if (member.id === now.userId || !mayGrant(now.role, member.role)) throw new Refusal("forbidden");
    const key = { userId: member.id, accountId: account.id };
    const at = new Date();
    const { count } = await tx.session.updateMany({
      where: { ...key, ...liveAt(at) },
      data: { revokedAt: at },
    });
    await tx.membership.update({ where: { userId_accountId: key }, data: { sessionsEndedAt: at } });
    const params = { account: account.name, by: actor.email };
    await queueMail(tx, { to: member.email, template: "sessions_ended", params });
    const event = memberEvent("member.sessions_ended", member, { count });
    return { result: undefined, event, altersDecision: false };
  });
}

const transferOwnershipSchema = z.object({ userId: z.string() });

/**
 * Hands the account over: the member becomes an owner and the actor an admin, both or neither.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `conflict` for oneself
 */
export async function transferOwnership(actor: Actor, input: { userId: string }): Promise<void> {
  authorize(actor, "account.transfer");
  const { userId } = parse(transferOwnershipSchema, input);
  await change(actor, "account.transfer", async ({ tx, account }) => {
    const accountId = account.id;
    const member = await findMember(tx, accountId, userId);
    if (member.id === actor.userId) throw new Refusal("conflict");
    const key = (id: string) => ({ userId_accountId: { userId: id, accountId } });
    await tx.membership.update({ where: key(member.id), data: { role: "owner" } });
    await tx.membership.update({ where: key(actor.userId), data: { role: "admin" } });
    const params = { account: account.name, role: "owner", by: actor.email } as const;
    await queueMail(tx, { to: member.email, template: "role_changed", params });
    const event = memberEvent("member.ownership_transferred", member, { from: member.role });
    return { result: undefined, event, altersDecision: false };
  });
}

const removeSchema = z.object({ userId: z.string() });

/**
 * Removes a member: their sessions in this account end at once. Their other accounts stay.
 *
 * @throws Refusal `forbidden` (an admin and an owner), `proof_required`, `not_found`, `last_owner`
 */
export async function removeMember(actor: Actor, input: { userId: string }): Promise<void> {
  authorize(actor, "member.change");
  const { userId } = parse(removeSchema, input);
  await change(actor, "member.change", async ({ tx, account, actor: now }) => {
    const member = await findMember(tx, account.id, userId);
    if (!mayGrant(now.role, member.role)) throw new Refusal("forbidden");
    await requireOwnerLeft(tx, account.id, member.role, null);
    const key = { userId: member.id, accountId: account.id };
    await tx.membership.delete({ where: { userId_accountId: key } });
    await tx.session.updateMany({ where: { ...key, revokedAt: null }, data: { revokedAt: new Date() } });
    const params = { account: account.name, by: actor.email };
    await queueMail(tx, { to: member.email, template: "member_removed", params });
    const event = memberEvent("member.removed", member, { from: member.role });
    return { result: undefined, event, altersDecision: false };
  });
}

/**
 * Takes the actor out of the account. They stay signed in, in no account until they choose another.
 *
 * @throws Refusal `proof_required`, `last_owner`
 */
export function leaveAccount(actor: Actor): Promise<void> {
  return change(actor, "member.leave", async ({ tx, account, actor: now }) => {
    await requireOwnerLeft(tx, account.id, now.role, null);
    const key = { userId: actor.userId, accountId: account.id };
    await tx.membership.delete({ where: { userId_accountId: key } });
    await tx.session.updateMany({ where: key, data: { accountId: null } });
    const event = memberEvent("member.left", { id: actor.userId, email: actor.email }, { from: now.role });
    return { result: undefined, event, altersDecision: false };
  });
}
