import { randomBytes } from "node:crypto";
import { mailLinkDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { type MailLinkPurpose, mailLinkPath, mailLinkSeconds, mailLinkToken } from "@/lib/domain/mail-link";
import { queueMail } from "../mail/queue";

/** Whom a link was sent to. */
export interface LinkOwner {
  readonly userId: string;
  readonly email: string;
}

const digestOf = (purpose: MailLinkPurpose, text: string) =>
  new Uint8Array(mailLinkDigest(`${purpose}:${mailLinkToken(text).slice(0, 100)}`));

/** Sends a link to a user's own address; older ones of its kind count no more. */
export async function sendMailLink(
  tx: Transaction,
  purpose: MailLinkPurpose,
  { userId, email }: LinkOwner,
): Promise<void> {
  const token = randomBytes(32).toString("base64url");
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + mailLinkSeconds[purpose] * 1000);
  const row = { digest: digestOf(purpose, token), email, createdAt, expiresAt };
  await tx.mailLink.upsert({
    where: { userId_purpose: { userId, purpose } },
    create: { userId, purpose, ...row },
    update: row,
  });
  await queueMail(tx, { to: email, template: purpose, params: { path: mailLinkPath(purpose, token) } });
}

/** The rows that a token counts for: at most one. */
function counting(purpose: MailLinkPurpose, token: string) {
  return { digest: digestOf(purpose, token), purpose, expiresAt: { gt: new Date() } };
}

/**
 * Whom a link belongs to, without using it up.
 *
 * @throws Refusal `link_invalid` when it is used, too old, replaced, for something else, or invented
 */
export async function ownerOfLink(purpose: MailLinkPurpose, token: string): Promise<LinkOwner> {
  const link = await db.mailLink.findFirst({
    where: counting(purpose, token),
    select: { userId: true, email: true, user: { select: { email: true } } },
  });
  if (!link || link.user.email !== link.email) throw new Refusal("link_invalid");
  return { userId: link.userId, email: link.email };
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
