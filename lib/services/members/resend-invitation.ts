import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { type Change, change } from "../change";
import { sendsMail } from "../mail/queue";
import { parse } from "../parse";
import { limitInvitation } from "../session/login-limit";
import { renewInvitation } from "./renew-invitation";
import type { SentInvitation } from "./send-invitation";

const schema = z.object({ invitationId: z.string() });

/**
 * Sends an invitation again, with a new link for another 7 days. The old link ends. Without a mail server the
 * new one is handed out.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `limited`
 */
export async function resendInvitation(
  actor: Actor,
  input: { invitationId: string },
): Promise<SentInvitation> {
  authorize(actor, "member.invite");
  const { invitationId } = parse(schema, input);
  const work = (open: Change) => renewInvitation(open, invitationId, sendsMail());
  return change(actor, "member.invite", work, () => limitInvitation(actor.accountId));
}
