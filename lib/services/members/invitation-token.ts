import { randomBytes } from "node:crypto";
import { z } from "zod";
import { invitationDigest } from "@/lib/crypto/digest";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { invitationSeconds } from "@/lib/domain/membership";

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
export const tokenSchema = z.string().transform((text) => (shape.test(text) ? text : ""));

/**
 * The invitation that a token opens now.
 *
 * @throws Refusal `invitation_invalid`, whatever is wrong with it: forged, used, withdrawn, replaced, expired
 */
export async function openInvitation(tx: Pick<Transaction, "invitation">, token: string) {
  const invitation =
    token === ""
      ? null
      : await tx.invitation.findFirst({
          where: { digest: new Uint8Array(invitationDigest(token)), expiresAt: { gt: new Date() } },
          include: { account: { select: { name: true } } },
        });
  if (!invitation) throw new Refusal("invitation_invalid");
  return invitation;
}
