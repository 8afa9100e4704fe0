import { randomBytes } from "node:crypto";
import { pendingLinkDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { pendingLinkSeconds } from "@/lib/domain/single-sign-on";

const digestOf = (secret: string) => new Uint8Array(pendingLinkDigest(secret));

/** A sign-in at a provider, and whose log-in it is to be linked to. */
export interface Link {
  readonly userId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string;
}

/**
 * Remembers a sign-in at a provider until its person has proved the log-in that it is to be linked to.
 *
 * @returns the secret that the browser brings back in a cookie; it opens nothing
 */
export async function beginLink(tx: Transaction, link: Link): Promise<string> {
  const now = new Date();
  const secret = randomBytes(32).toString("base64url");
  await tx.pendingLink.deleteMany({ where: { expiresAt: { lte: now } } });
  await tx.pendingLink.create({
    data: {
      ...link,
      digest: digestOf(secret),
      createdAt: now,
      expiresAt: new Date(now.getTime() + pendingLinkSeconds * 1000),
    },
  });
  return secret;
}

/**
 * Who has to prove what, or null when no link waits under this secret: unknown, too old, or used.
 *
 * @param secret the secret of the browser's cookie
 */
export async function readPendingLink(
  secret: string,
): Promise<{ readonly userId: string; readonly email: string } | null> {
  if (secret.length > 100) return null;
  const row = await db.pendingLink.findFirst({
    where: { digest: digestOf(secret), expiresAt: { gt: new Date() } },
    select: { userId: true, user: { select: { email: true } } },
  });
  return row && { userId: row.userId, email: row.user.email };
}

/** Takes the link that waits under this secret for this very user; of two who do so at once one gets it. */
export async function spendLink(tx: Transaction, secret: string, userId: string): Promise<Link | null> {
  if (secret.length > 100) return null;
  const where = { digest: digestOf(secret), userId, expiresAt: { gt: new Date() } };
  const link = await tx.pendingLink.findFirst({ where });
  const { count } = await tx.pendingLink.deleteMany({ where });
  return count === 1 ? link : null;
}
