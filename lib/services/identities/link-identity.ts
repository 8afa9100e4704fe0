import { randomBytes } from "node:crypto";
import { z } from "zod";
import { config } from "@/lib/config";
import { pendingLinkDigest } from "@/lib/crypto/digest";
import { db, isUniqueViolation } from "@/lib/db/client";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { pendingLinkSeconds } from "@/lib/domain/single-sign-on";
import { noticeMail } from "../mail/queue";
import { selfUseCase } from "../use-case";

const digestOf = (secret: string) => new Uint8Array(pendingLinkDigest(secret));

/** A sign-in at a provider, and whose log-in it is to be linked to. */
interface Link {
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
    where: { digest: { in: pendingLinkDigest.each(secret) }, expiresAt: { gt: new Date() } },
    select: { userId: true, user: { select: { email: true } } },
  });
  return row && { userId: row.userId, email: row.user.email };
}

/** Takes the link that waits under this secret for this very user; of two who do so at once one gets it. */
async function spendLink(tx: Transaction, secret: string, userId: string): Promise<Link | null> {
  if (secret.length > 100) return null;
  const where = { digest: { in: pendingLinkDigest.each(secret) }, userId, expiresAt: { gt: new Date() } };
  const link = await tx.pendingLink.findFirst({ where });
  const { count } = await tx.pendingLink.deleteMany({ where });
  return count === 1 ? link : null;
}

/**
 * Links the sign-in at a provider that waits under this secret of the browser's cookie to the actor, who has just
 * signed in by other means. Works once, and only for the one whose address the provider had verified.
 *
 * @throws Refusal `forbidden`, `proof_required`, `link_over` when nothing waits for this person, or `link_taken`
 *   when the sign-in was linked to someone meanwhile
 */
export const linkIdentity = selfUseCase({
  proof: true,
  input: z.object({ secret: z.string() }),
  run: async ({ tx, actor }, { secret }) => {
    const link = await spendLink(tx, secret, actor.userId);
    if (!link) throw new Refusal("link_over");
    const { userId, issuer, subject, email } = link;
    await tx.identity.create({ data: { userId, issuer, subject, email } }).catch((error) => {
      throw isUniqueViolation(error) ? new Refusal("link_taken") : error;
    });
    const details = { to: providerOf(issuer) };
    return {
      result: undefined,
      event: { action: "identity.linked", targetType: "user", targetLabel: email, details },
      mails: [noticeMail("second_factor_added", actor.email, { factor: "provider" }, actor)],
    };
  },
});

/**
 * Unlinks a sign-in of the actor's own: it signs nobody in from now on. Everyone has a password, so it is never
 * the last way in.
 *
 * @throws Refusal `forbidden`, `proof_required`, or `not_found` when it is none of theirs
 */
export const unlinkIdentity = selfUseCase({
  proof: true,
  input: z.object({ identityId: z.string() }),
  run: async ({ tx, actor }, { identityId }) => {
    const own = { id: identityId, userId: actor.userId };
    const known = z.uuid().safeParse(identityId).success;
    const identity =
      known && (await tx.identity.findFirst({ where: own, select: { issuer: true, email: true } }));
    if (!identity) throw new Refusal("not_found");
    await tx.identity.deleteMany({ where: own });
    const details = { to: providerOf(identity.issuer) };
    return {
      result: undefined,
      event: { action: "identity.unlinked", targetType: "user", targetLabel: identity.email, details },
      mails: [noticeMail("second_factor_removed", actor.email, { factor: "provider" }, actor)],
    };
  },
});

/** What people call an issuer: its configured name, or its host where it is no longer configured. */
export function providerOf(issuer: string): string {
  const { singleSignOn } = config();
  if (singleSignOn?.issuer.replace(/\/$/, "") === issuer) return singleSignOn.name;
  return URL.canParse(issuer) ? new URL(issuer).host : issuer;
}
