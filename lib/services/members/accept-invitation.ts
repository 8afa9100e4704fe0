import { randomBytes } from "node:crypto";
import { z } from "zod";
import { invitationDigest } from "@/lib/crypto/digest";
import { db, isUniqueViolation } from "@/lib/db/client";
import { inAccountTransaction, type Transaction } from "@/lib/db/transaction";
import type { Origin, Person } from "@/lib/domain/actor";
import { invalidField, Refusal } from "@/lib/domain/errors";
import { type InvitationOffer, invitationSeconds } from "@/lib/domain/membership";
import { hashPassword, newPasswordSchema, requireStrongPassword } from "../account/password-rules";
import { appendAudit } from "../audit/append";
import { optionalNameSchema, parse } from "../parse";
import { limitRegistration } from "../session/login-limit";
import { moveSession, newSession, type SignedIn } from "../session/session";
import { recordedAs } from "../use-case";
import { memberEvent } from "./find";

const prefix = "lki_";
const shape = /^lki_[0-9A-Za-z_-]{43}$/;

/** A new token for a link, with what is kept of it. */
export function mintInvitationToken(): { token: string; digest: Uint8Array<ArrayBuffer>; expiresAt: Date } {
  const token = prefix + randomBytes(32).toString("base64url");
  const expiresAt = new Date(Date.now() + invitationSeconds * 1000);
  return { token, digest: new Uint8Array(invitationDigest(token)), expiresAt };
}

/** The path that an invitation is opened under. The fragment never leaves the browser with a request. */
export function invitationPath(token: string): string {
  return `/invitation#${token}`;
}

/** The field that carries a token; what has another shape is worth nothing. */
const tokenSchema = z.string().transform((text) => (shape.test(text) ? text : ""));

const linkSchema = z.object({ token: tokenSchema });

/**
 * The invitation that a token opens now.
 *
 * @throws Refusal `invitation_invalid`, whatever is wrong with it: forged, used, withdrawn, replaced, expired
 */
async function openInvitation(tx: Pick<Transaction, "invitation">, token: string) {
  const invitation =
    token === ""
      ? null
      : await tx.invitation.findFirst({
          where: { digest: { in: invitationDigest.each(token) }, expiresAt: { gt: new Date() } },
          include: { account: { select: { name: true } } },
        });
  if (!invitation) throw new Refusal("invitation_invalid");
  return invitation;
}

/**
 * What an invitation offers. Needs no actor: whoever holds the link may read what it says.
 *
 * @throws Refusal `invitation_invalid`
 */
export async function readInvitation(input: z.input<typeof linkSchema>): Promise<InvitationOffer> {
  const { token } = parse(linkSchema, input);
  const { account, email, role, invitedBy, expiresAt } = await openInvitation(db, token);
  const user = await db.user.findUnique({ where: { email }, select: { id: true } });
  return { accountName: account.name, email, role, invitedBy, expiresAt, known: user !== null };
}

/**
 * Makes a user a member by an invitation, which is used up by it. One who is a member already stays as they are.
 * Who has the link of one that went by mail, and by no other way, reads the mail of its address.
 */
async function becomeMember(
  tx: Transaction,
  invitation: Awaited<ReturnType<typeof openInvitation>>,
  userId: string,
  origin: Origin,
): Promise<void> {
  const { id, accountId, email, role, invitedBy, mailed } = invitation;
  await tx.invitation.delete({ where: { id } });
  if (mailed) {
    await tx.user.updateMany({
      where: { id: userId, email, emailVerifiedAt: null },
      data: { emailVerifiedAt: new Date() },
    });
  }
  const key = { userId, accountId };
  if (await tx.membership.findUnique({ where: { userId_accountId: key } })) return;
  await tx.membership.create({ data: { ...key, role } });
  const { address, userAgent } = origin;
  await appendAudit(tx, {
    ...memberEvent("member.joined", { id: userId, email }, { to: role, from: invitedBy }),
    ...recordedAs({ kind: "person", userId, email, address, userAgent }),
    accountId,
  });
}

/**
 * Accepts an invitation as someone who is signed in, and moves the session to that account. An invitation
 * counts once, and for its own address only.
 *
 * @throws Refusal `invitation_invalid`, `invitation_elsewhere` (for another address), `unauthenticated`
 */
export async function acceptInvitation(person: Person, input: z.input<typeof linkSchema>): Promise<void> {
  const { token } = parse(linkSchema, input);
  const { accountId } = await openInvitation(db, token);
  await inAccountTransaction(accountId, async (tx) => {
    // Again, with the account held: of two who accept at once, the second finds nothing.
    const invitation = await openInvitation(tx, token);
    if (invitation.email !== person.email) throw new Refusal("invitation_elsewhere");
    await becomeMember(tx, invitation, person.userId, person);
    await moveSession(tx, person, accountId, null);
  });
}

/** What the invitation's page asks a new person for. */
const joinSchema = z.object({ token: tokenSchema, name: optionalNameSchema, password: newPasswordSchema });

/**
 * Accepts an invitation as someone new: makes the user with the invitation's address and signs them in.
 * Possible also where registration is closed; nothing is created when the invitation is not good.
 *
 * @throws Refusal `invitation_invalid`, `limited`, or `invalid` (name, password, email: email_taken)
 */
export async function joinByInvitation(input: z.input<typeof joinSchema>, origin: Origin): Promise<SignedIn> {
  const { token, name, password } = parse(joinSchema, input);
  const { accountId, email, account } = await openInvitation(db, token);
  await requireStrongPassword(password, [email, account.name, name ?? ""]);
  await limitRegistration(origin.address);
  const passwordHash = await hashPassword(password);
  try {
    return await inAccountTransaction(accountId, async (tx) => {
      const invitation = await openInvitation(tx, token);
      const user = await tx.user.create({ data: { email: invitation.email, name, passwordHash } });
      await becomeMember(tx, invitation, user.id, origin);
      const sessionId = await newSession(tx, { userId: user.id, accountId }, origin);
      return { userId: user.id, sessionId };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw invalidField("email", "email_taken");
    throw error;
  }
}
