import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";
import { type Change, change } from "../change";
import { parse } from "../parse";
import { limitInvitation } from "../session/login-limit";
import { renewInvitation } from "./renew-invitation";
import type { SentInvitation } from "./send-invitation";

const schema = z.object({ invitationId: z.string() });

/**
 * Gives the actor a new link of an invitation to hand over, for another 7 days; the old link ends, also one that
 * went by mail, because only digests are kept. Whoever brings the new one has not shown that they read the mail
 * of the invitation's address.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `limited`
 */
export async function handOutInvitation(
  actor: Actor,
  input: { invitationId: string },
): Promise<SentInvitation> {
  authorize(actor, "member.invite");
  const { invitationId } = parse(schema, input);
  const work = (open: Change) => renewInvitation(open, invitationId, false);
  return change(actor, "member.invite", work, () => limitInvitation(actor.accountId));
}
