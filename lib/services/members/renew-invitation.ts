import type { Change, Outcome } from "../change";
import { memberEvent } from "./event";
import { findInvitation } from "./find-invitation";
import { mintInvitationToken } from "./invitation-token";
import type { SentInvitation } from "./send-invitation";
import { sendInvitation } from "./send-invitation";

/**
 * Gives an open invitation a new link for another 7 days, in the transaction of a change. The old link ends.
 *
 * @param mailed whether the new link goes to the invitation's address, and to nobody else
 * @throws Refusal `forbidden`, `not_found`
 */
export async function renewInvitation(
  { tx, actor, account }: Change,
  invitationId: string,
  mailed: boolean,
): Promise<Outcome<SentInvitation>> {
  const { id, email, role } = await findInvitation(tx, actor, invitationId);
  const { token, ...kept } = mintInvitationToken();
  await tx.invitation.update({ where: { id }, data: { ...kept, invitedBy: actor.email, mailed } });
  const sent = { email, role, account: account.name, inviter: actor.email, token, mailed };
  return {
    result: await sendInvitation(tx, sent),
    event: memberEvent(mailed ? "member.invitation_renewed" : "member.invitation_handed_out", { id, email }),
    altersDecision: false,
  };
}
