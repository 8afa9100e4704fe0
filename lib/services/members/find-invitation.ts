import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import { mayGrant } from "@/lib/domain/membership";

/**
 * An open invitation of the actor's account that the actor could have sent.
 *
 * @throws Refusal `not_found`, or `forbidden` for one to a role that is not the actor's to give
 */
export async function findInvitation(tx: Transaction, actor: Actor, invitationId: string) {
  if (!z.uuid().safeParse(invitationId).success) throw new Refusal("not_found");
  const invitation = await tx.invitation.findFirst({
    where: { id: invitationId, accountId: actor.accountId },
  });
  if (!invitation) throw new Refusal("not_found");
  if (!mayGrant(actor.role, invitation.role)) throw new Refusal("forbidden");
  return invitation;
}
