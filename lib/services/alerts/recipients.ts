import type { Transaction } from "@/lib/db/transaction";
import { type AlertKind, alertRoles } from "@/lib/domain/alert";

/**
 * The e-mail addresses that an alert goes to: those of owners and admins who have confirmed theirs and did not switch
 * this kind off. An address that nobody has confirmed may be a stranger's, who would learn who calls.
 */
export async function alertRecipients(
  tx: Transaction,
  accountId: string,
  kind: AlertKind,
): Promise<readonly string[]> {
  const members = await tx.membership.findMany({
    where: {
      accountId,
      role: { in: [...alertRoles] },
      user: { emailVerifiedAt: { not: null } },
      NOT: { mutedAlerts: { has: kind } },
    },
    select: { user: { select: { email: true } } },
    orderBy: { userId: "asc" },
  });
  return members.map(({ user }) => user.email);
}
