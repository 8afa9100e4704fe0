import { z } from "zod";
import { db } from "@/lib/db/client";
import type { InvitationOffer } from "@/lib/domain/membership";
import { parse } from "../parse";
import { openInvitation, tokenSchema } from "./invitation-token";

const schema = z.object({ token: tokenSchema });

/**
 * What an invitation offers. Needs no actor: whoever holds the link may read what it says.
 *
 * @throws Refusal `invitation_invalid`
 */
export async function readInvitation(input: { token: string }): Promise<InvitationOffer> {
  const { token } = parse(schema, input);
  const { account, email, role, invitedBy, expiresAt } = await openInvitation(db, token);
  const user = await db.user.findUnique({ where: { email }, select: { id: true } });
  return { accountName: account.name, email, role, invitedBy, expiresAt, known: user !== null };
}
