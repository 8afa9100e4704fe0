import { z } from "zod";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { mayGrant, mostInvitations, roles } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { emailSchema } from "../account/email";
import { authorize } from "../authorize";
import { type Change, change, type Outcome } from "../change";
import { sendsMail } from "../mail/queue";
import { parse, refuse } from "../parse";
import { limitInvitation } from "../session/login-limit";
import { memberEvent } from "./event";
import { mintInvitationToken } from "./invitation-token";
import { type SentInvitation, sendInvitation } from "./send-invitation";

/** A role from a form. */
export const roleSchema = z.string().transform((text, context): Role => {
  const role = roles.find((each) => each === text);
  if (!role) refuse(context, "choice_invalid");
  return role ?? "viewer";
});

const schema = z.object({ email: emailSchema, role: roleSchema });

/**
 * Invites someone by their e-mail address. An open invitation of the same address is replaced: its link ends.
 *
 * @throws Refusal `forbidden` (also for a role above one's own to give), `proof_required`, `limited`, or
 *   `invalid` (email, role)
 */
export async function inviteMember(
  actor: Actor,
  input: { email: string; role: string },
): Promise<SentInvitation> {
  authorize(actor, "member.invite");
  const { email, role } = parse(schema, input);
  const work = async ({ tx, account, actor: now }: Change): Promise<Outcome<SentInvitation>> => {
    const accountId = account.id;
    if (!mayGrant(now.role, role)) throw new Refusal("forbidden");
    const member = await tx.membership.findFirst({ where: { accountId, user: { email } } });
    if (member) throw invalidField("email", "already_member");
    const open = await tx.invitation.findUnique({ where: { accountId_email: { accountId, email } } });
    if (open && !mayGrant(now.role, open.role)) throw new Refusal("forbidden");
    if (!open && (await tx.invitation.count({ where: { accountId } })) >= mostInvitations) {
      throw invalidField("email", "invitations_too_many", { max: mostInvitations });
    }
    const { token, ...kept } = mintInvitationToken();
    const mailed = sendsMail();
    const data = { ...kept, role, invitedBy: actor.email, createdAt: new Date(), mailed };
    const { id } = await tx.invitation.upsert({
      where: { accountId_email: { accountId, email } },
      create: { accountId, email, ...data },
      update: data,
    });
    const sent = { email, role, account: actor.accountName, inviter: actor.email, token, mailed };
    return {
      result: await sendInvitation(tx, sent),
      event: memberEvent("member.invited", { id, email }, { to: role }),
      altersDecision: false,
    };
  };
  return change(actor, "member.invite", work, () => limitInvitation(actor.accountId));
}
