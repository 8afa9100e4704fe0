import type { Actor } from "@/lib/domain/actor";
import { change } from "../change";
import { memberEvent } from "./event";
import { requireOwnerLeft } from "./find";

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
