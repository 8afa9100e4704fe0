import type { Transaction } from "@/lib/db/transaction";

/** The account that a sign-in leads to. */
export async function signInAccount(tx: Transaction, userId: string): Promise<string | undefined> {
  const membership = await tx.membership.findFirst({
    where: { userId },
    select: { accountId: true },
    orderBy: { createdAt: "asc" },
  });
  return membership?.accountId;
}
