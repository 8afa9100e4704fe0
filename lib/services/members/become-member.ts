import type { Transaction } from "@/lib/db/transaction";
import type { Origin } from "@/lib/domain/actor";
import type { Role } from "@/lib/domain/permissions";
import { appendAudit } from "../audit/append";
import { memberEvent } from "./event";

interface Accepted {
  readonly id: string;
  readonly accountId: string;
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly mailed: boolean;
}

/**
 * Makes a user a member by an invitation, which is used up by it. One who is a member already stays as they are.
 * Who has the link of one that went by mail, and by no other way, reads the mail of its address.
 */
export async function becomeMember(
  tx: Transaction,
  { id, accountId, email, role, invitedBy, mailed }: Accepted,
  { userId, address, userAgent }: Origin & { readonly userId: string },
): Promise<void> {
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
  await appendAudit(tx, {
    ...memberEvent("member.joined", { id: userId, email }, { to: role, from: invitedBy }),
    accountId,
    actorUserId: userId,
    actorLabel: email,
    address,
    userAgent,
  });
}
