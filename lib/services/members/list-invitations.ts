import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { InvitationView } from "@/lib/domain/membership";
import { authorize } from "../authorize";

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
