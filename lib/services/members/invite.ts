import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { type InvitationView, mayGrant, mostInvitations } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import { emailSchema } from "../account/email-address";
import { authorize } from "../authorize";
import { type Change, change, type Outcome } from "../change";
import { queueMail, sendsMail } from "../mail/queue";
import { parse } from "../parse";
import { limitInvitation } from "../session/login-limit";
import { findInvitation, invitationPath, mintInvitationToken } from "./accept-invitation";
import { memberEvent, roleSchema } from "./find";

/** The invitations that nobody has accepted yet, the newest first. For those who may invite. */
export async function listInvitations(actor: Actor): Promise<InvitationView[]> {
  authorize(actor, "invitation.read");
  const now = new Date();
  const rows = await db.invitation.findMany({
    where: { accountId: actor.accountId },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    select: { id: true, email: true, role: true, invitedBy: true, expiresAt: true },
  });
  return rows.map((row) => ({ ...row, expired: row.expiresAt <= now }));
}

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

/** A sent invitation: by mail, or as the path of a link to hand over, which is shown this once. */
export interface SentInvitation {
  readonly email: string;
  /** null when it went by mail. */
  readonly path: string | null;
}

/** Sends the invitation by mail when the transaction commits, or hands its link out: never both. */
async function sendInvitation(
  tx: Transaction,
  invitation: {
    email: string;
    role: Role;
    account: string;
    inviter: string;
    token: string;
    /** As it is kept with the invitation. */
    mailed: boolean;
  },
): Promise<SentInvitation> {
  const { email, token, mailed, ...params } = invitation;
  const path = invitationPath(token);
  if (!mailed) return { email, path };
  await queueMail(tx, { to: email, template: "invitation", params: { ...params, path } });
  return { email, path: null };
}

/**
 * Gives an open invitation a new link for another 7 days, in the transaction of a change. The old link ends.
 *
 * @param mailed whether the new link goes to the invitation's address, and to nobody else
 * @throws Refusal `forbidden`, `not_found`
 */
async function renewInvitation(
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

const resendInvitationSchema = z.object({ invitationId: z.string() });

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
  const { invitationId } = parse(resendInvitationSchema, input);
  const work = (open: Change) => renewInvitation(open, invitationId, sendsMail());
  return change(actor, "member.invite", work, () => limitInvitation(actor.accountId));
}

const handOutInvitationSchema = z.object({ invitationId: z.string() });

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
  const { invitationId } = parse(handOutInvitationSchema, input);
  const work = (open: Change) => renewInvitation(open, invitationId, false);
  return change(actor, "member.invite", work, () => limitInvitation(actor.accountId));
}

const withdrawInvitationSchema = z.object({ invitationId: z.string() });

/**
 * Takes an invitation back: its link ends at once.
 *
 * @throws Refusal `forbidden`, `proof_required`, `not_found`
 */
export async function withdrawInvitation(actor: Actor, input: { invitationId: string }): Promise<void> {
  authorize(actor, "member.invite");
  const { invitationId } = parse(withdrawInvitationSchema, input);
  await change(actor, "member.invite", async ({ tx, actor: now }) => {
    const { id, email } = await findInvitation(tx, now, invitationId);
    await tx.invitation.delete({ where: { id } });
    return {
      result: undefined,
      event: memberEvent("member.invitation_withdrawn", { id, email }),
      altersDecision: false,
    };
  });
}
