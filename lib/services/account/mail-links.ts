import { randomBytes } from "node:crypto";
import { mailLinkDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import { Refusal } from "@/lib/domain/errors";
import {
  type Mail,
  type MailLinkPurpose,
  type MailParams,
  mailLinkPath,
  mailLinkSeconds,
  mailLinkToken,
} from "@/lib/domain/mail";

/** Whom a link was sent to. */
export interface LinkOwner {
  readonly userId: string;
  readonly email: string;
}

const digested = (purpose: MailLinkPurpose, text: string) =>
  `${purpose}:${mailLinkToken(text).slice(0, 100)}`;

/**
 * Makes a link for a user and an address, the user's own unless it is to become theirs; older ones of its kind count
 * no more.
 *
 * @param said what its mail says besides
 * @returns the mail that brings the link to the address. Its token is kept nowhere
 */
export async function linkMail<P extends MailLinkPurpose>(
  tx: Transaction,
  purpose: P,
  { userId, email }: LinkOwner,
  said: Omit<MailParams[P], "path">,
): Promise<Mail> {
  const token = randomBytes(32).toString("base64url");
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + mailLinkSeconds[purpose] * 1000);
  const digest = new Uint8Array(mailLinkDigest(digested(purpose, token)));
  const row = { digest, email, createdAt, expiresAt };
  await tx.mailLink.upsert({
    where: { userId_purpose: { userId, purpose } },
    create: { userId, purpose, ...row },
    update: row,
  });
  const params = { ...said, path: mailLinkPath(purpose, token) };
  return { to: email, template: purpose, params } as unknown as Mail;
}

/** The rows that a token counts for: at most one. */
function counting(purpose: MailLinkPurpose, token: string) {
  const digest = { in: mailLinkDigest.each(digested(purpose, token)) };
  return { digest, purpose, expiresAt: { gt: new Date() } };
}

/** True while a link of this kind, sent to this address, counts. */
export async function hasLink(purpose: MailLinkPurpose, { userId, email }: LinkOwner): Promise<boolean> {
  const where = { userId, purpose, email, expiresAt: { gt: new Date() } };
  return (await db.mailLink.count({ where })) > 0;
}

/**
 * Whom a link belongs to, without using it up.
 *
 * @throws Refusal `link_invalid` when it is used, too old, replaced, for something else, or invented
 */
export async function ownerOfLink(
  purpose: MailLinkPurpose,
  token: string,
): Promise<LinkOwner & { readonly sentTo: string }> {
  const link = await db.mailLink.findFirst({
    where: counting(purpose, token),
    select: { userId: true, email: true, user: { select: { email: true } } },
  });
  const { email } = link?.user ?? {};
  if (!link || !email) throw new Refusal("link_invalid");
  if (purpose !== "change_address" && email !== link.email) throw new Refusal("link_invalid");
  return { userId: link.userId, email, sentTo: link.email };
}

/** Who acts by a link, for the trail: its owner, from where it was opened. */
export function byLink({ userId, email }: LinkOwner, { address, userAgent }: Origin) {
  return { kind: "person", userId, email, address, userAgent } as const;
}

/** Where a link was opened, and the user who is signed in there, if one is. */
export type LinkOpener = Origin & { readonly userId?: string };

/**
 * Whom a link belongs to that counts only where they are signed in. Having its mailbox is not having the log-in, and
 * the other way round: only both together say that an address and a user are one person's.
 *
 * @throws Refusal `link_invalid` as `ownerOfLink`, `link_signed_out`
 */
export async function ownLink(purpose: MailLinkPurpose, token: string, { userId }: LinkOpener) {
  const owner = await ownerOfLink(purpose, token);
  if (owner.userId !== userId) throw new Refusal("link_signed_out");
  return owner;
}

/**
 * Uses a link up, in the transaction of what it is used for. Of two that bring it at once, one gets it.
 *
 * @throws Refusal `link_invalid`
 */
export async function useUpLink(tx: Transaction, purpose: MailLinkPurpose, token: string): Promise<void> {
  const { count } = await tx.mailLink.deleteMany({ where: counting(purpose, token) });
  if (count === 0) throw new Refusal("link_invalid");
}
