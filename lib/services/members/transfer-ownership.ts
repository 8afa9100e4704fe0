import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { authorize } from "../authorize";
import { change } from "../change";
import { queueMail } from "../mail/queue";
import { parse } from "../parse";
import { memberEvent } from "./event";
import { findMember } from "./find";

const schema = z.object({ userId: z.string() });

/**
 * Hands the account over: the member becomes an owner and the actor an admin, both or neither.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, or `conflict` for oneself
 */
export async function transferOwnership(actor: Actor, input: { userId: string }): Promise<void> {
  authorize(actor, "account.transfer");
  const { userId } = parse(schema, input);
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
