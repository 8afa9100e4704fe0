import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { change } from "../change";
import { sendsMail } from "../mail/queue";
import { parse } from "../parse";
import { limitInvitation } from "../session/login-limit";
import { memberEvent } from "./event";
import { findInvitation } from "./find-invitation";
import { mintInvitationToken } from "./invitation-token";
import { type SentInvitation, sendInvitation } from "./send-invitation";

const schema = z.object({ invitationId: z.string() });

/**
 * Sends an invitation again, with a new link for another 7 days. The old link ends.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `limited`
 */
export async function resendInvitation(
  actor: Actor,
  input: { invitationId: string },
): Promise<SentInvitation> {
  authorize(actor, "member.invite");
  const { invitationId } = parse(schema, input);
  return change(actor, "member.invite", async ({ tx, actor: now }) => {
    const { id, email, role } = await findInvitation(tx, now, invitationId);
    await limitInvitation(actor.accountId);
    const { token, ...kept } = mintInvitationToken();
    await tx.invitation.update({
      where: { id },
      data: { ...kept, invitedBy: actor.email, mailed: sendsMail() },
    });
    const sent = { email, role, account: actor.accountName, inviter: actor.email, token };
    return {
      result: await sendInvitation(tx, sent),
      event: memberEvent("member.invitation_renewed", { id, email }),
      altersDecision: false,
    };
  });
}
