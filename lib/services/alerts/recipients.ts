import type { Transaction } from "@/lib/db/transaction";
import type { AlertKind } from "@/lib/domain/alert";
import { rolesWith } from "@/lib/domain/permissions";

/** E-mail addresses of those who are told: whoever may change the token, unless they have muted this kind of alert. */
export async function alertRecipients(
  tx: Pick<Transaction, "membership">,
  accountId: string,
  kind: AlertKind,
): Promise<readonly string[]> {
  const members = await tx.membership.findMany({
    where: { accountId, role: { in: [...rolesWith("token.change")] }, NOT: { mutedAlerts: { has: kind } } },
    orderBy: { createdAt: "asc" },
    select: { user: { select: { email: true } } },
  });
  return members.map(({ user }) => user.email);
}
