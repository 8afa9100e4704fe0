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

const schema = z.object({ userId: z.string() });

/**
 * Removes a member: their sessions in this account end at once. Their other accounts stay.
 *
 * @throws Refusal `forbidden` (an admin and an owner), `proof_required`, `not_found`, `last_owner`
 */
export async function removeMember(actor: Actor, input: { userId: string }): Promise<void> {
  authorize(actor, "member.change");
  const { userId } = parse(schema, input);
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
