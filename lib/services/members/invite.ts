import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import type { Mail } from "@/lib/domain/mail";
import { type InvitationView, mayGrant, mostInvitations, type SentInvitation } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { shownName } from "@/lib/domain/seen-text";
import { emailSchema } from "../account/email-address";
import { sendsMail } from "../mail/queue";
import { limitInvitation } from "../session/login-limit";
import { type Change, type ChangeOutcome, changeUseCase, readUseCase } from "../use-case";
import { invitationPath, mintInvitationToken } from "./accept-invitation";
import { memberEvent, roleSchema } from "./find";

/** The invitations that nobody has accepted yet, the newest first. For those who may invite. */
export const listInvitations = readUseCase({
  permission: "invitation.read",
  run: async ({ accountId }): Promise<InvitationView[]> => {
    const now = new Date();
    const rows = await db.invitation.findMany({
      where: { accountId },
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      select: { id: true, email: true, role: true, invitedBy: true, expiresAt: true },
    });
    return rows.map((row) => ({ ...row, expired: row.expiresAt <= now }));
  },
});

/** Sends an invitation by mail when the change is committed, or hands its link out: never both. */
function sendInvitation(
  { account, actor }: Change,
  { email, role, token, mailed }: { email: string; role: Role; token: string; mailed: boolean },
): { readonly result: SentInvitation; readonly mails: readonly Mail[] } {
  const path = invitationPath(token);
  if (!mailed) return { result: { email, path }, mails: [] };
  const params = { role, account: shownName(account.name), inviter: actor.email, path };
  return { result: { email, path: null }, mails: [{ to: email, template: "invitation", params }] };
}

/**
 * Invites someone by their e-mail address. An open invitation of the same address is replaced: its link ends.
 *
 * @throws Refusal `forbidden` (also for a role above one's own to give), `proof_required`, `limited`, or
 *   `invalid` (email, role)
 */
export const inviteMember = changeUseCase({
  permission: "member.invite",
  altersDecision: false,
  input: z.object({ email: emailSchema, role: roleSchema }),
  before: ({ accountId }) => limitInvitation(accountId),
  run: async (change, { email, role }) => {
    const { tx, account, actor } = change;
    const accountId = account.id;
    if (!mayGrant(actor.role, role)) throw new Refusal("forbidden");
    const member = await tx.membership.findFirst({ where: { accountId, user: { email } } });
    if (member) throw invalidField("email", "already_member");
    const open = await tx.invitation.findUnique({ where: { accountId_email: { accountId, email } } });
    if (open && !mayGrant(actor.role, open.role)) throw new Refusal("forbidden");
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
    const event = memberEvent("member.invited", { id, email }, { to: role });
    return { event, ...sendInvitation(change, { email, role, token, mailed }) };
  },
});

/**
 * An open invitation of the actor's account that the actor could have sent.
 *
 * @throws Refusal `not_found`, or `forbidden` for one to a role that is not the actor's to give
 */
async function findInvitation(tx: Transaction, { accountId, role }: Actor, invitationId: string) {
  const found = z.uuid().safeParse(invitationId).success
    ? await tx.invitation.findFirst({ where: { id: invitationId, accountId } })
    : null;
  if (!found) throw new Refusal("not_found");
  if (!mayGrant(role, found.role)) throw new Refusal("forbidden");
  return found;
}

/**
 * Gives an open invitation a new link for another 7 days. The old link ends.
 *
 * @param mailed whether the new link goes to the invitation's address, and to nobody else
 * @throws Refusal `forbidden`, `not_found`
 */
async function renewInvitation(
  change: Change,
  invitationId: string,
  mailed: boolean,
): Promise<ChangeOutcome<SentInvitation>> {
  const { tx, actor } = change;
  const { id, email, role } = await findInvitation(tx, actor, invitationId);
  const { token, ...kept } = mintInvitationToken();
  await tx.invitation.update({ where: { id }, data: { ...kept, invitedBy: actor.email, mailed } });
  const action = mailed ? "member.invitation_renewed" : "member.invitation_handed_out";
  return {
    event: memberEvent(action, { id, email }),
    ...sendInvitation(change, { email, role, token, mailed }),
  };
}

/**
 * Sends an invitation again, with a new link for another 7 days. The old link ends. Without a mail server the
 * new one is handed out.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `limited`
 */
export const resendInvitation = changeUseCase({
  permission: "member.invite",
  altersDecision: false,
  input: z.object({ invitationId: z.string() }),
  before: ({ accountId }) => limitInvitation(accountId),
  run: (change, { invitationId }) => renewInvitation(change, invitationId, sendsMail()),
});

/**
 * Gives the actor a new link of an invitation to hand over, for another 7 days; the old link ends, also one that
 * went by mail, because only digests are kept. Whoever brings the new one has not shown that they read the mail
 * of the invitation's address.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`, `limited`
 */
export const handOutInvitation = changeUseCase({
  permission: "member.invite",
  altersDecision: false,
  input: z.object({ invitationId: z.string() }),
  before: ({ accountId }) => limitInvitation(accountId),
  run: (change, { invitationId }) => renewInvitation(change, invitationId, false),
});

/**
 * Takes an invitation back: its link ends at once.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`
 */
export const withdrawInvitation = changeUseCase({
  permission: "member.invite",
  altersDecision: false,
  input: z.object({ invitationId: z.string() }),
  run: async ({ tx, actor }, { invitationId }) => {
    const { id, email } = await findInvitation(tx, actor, invitationId);
    await tx.invitation.delete({ where: { id } });
    return { result: undefined, event: memberEvent("member.invitation_withdrawn", { id, email }) };
  },
});
