import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { mayGrant } from "@/lib/domain/membership";
import { authorize } from "../authorize";
import { change } from "../change";
import { queueMail } from "../mail/queue";
import { parse } from "../parse";
import { liveAt } from "../session/live";
import { memberEvent } from "./event";
import { findMember } from "./find";

const schema = z.object({ userId: z.string() });

/**
 * Ends the sessions of a colleague in this account at once, for one whose device was lost or whose password is known
 * to others. They stay a member and sign in again. Sessions of theirs in other accounts stay where they are, and
 * come back into this one only after a new proof.
 *
 * @throws Refusal `forbidden` (an admin and an owner, or oneself), `proof_required`, `not_found`
 */
export async function endMemberSessions(actor: Actor, input: { userId: string }): Promise<void> {
  authorize(actor, "member.change");
  const { userId } = parse(schema, input);
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
