import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { mayGrant } from "@/lib/domain/membership";
import { authorize } from "../authorize";
import { change } from "../change";
import { queueMail } from "../mail/queue";
import { parse } from "../parse";
import { memberEvent } from "./event";
import { findMember, requireOwnerLeft } from "./find";
import { roleSchema } from "./invite";

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
