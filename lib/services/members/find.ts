import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import { Refusal } from "@/lib/domain/errors";
import { leavesAnOwner } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";

/** A member of the account. @throws Refusal `not_found` for anyone else */
export async function findMember(tx: Transaction, accountId: string, userId: string) {
  if (!z.uuid().safeParse(userId).success) throw new Refusal("not_found");
  const membership = await tx.membership.findUnique({
    where: { userId_accountId: { userId, accountId } },
    select: { role: true, user: { select: { id: true, email: true } } },
  });
  if (!membership) throw new Refusal("not_found");
  return { id: membership.user.id, email: membership.user.email, role: membership.role };
}

/**
 * Keeps an account from losing its last owner. To be asked under the account's lock.
 *
 * @param next the role that the member gets; null when they leave
 * @throws Refusal `last_owner`
 */
export async function requireOwnerLeft(
  tx: Transaction,
  accountId: string,
  from: Role,
  next: Role | null,
): Promise<void> {
  const owners = await tx.membership.count({ where: { accountId, role: "owner" } });
  if (!leavesAnOwner(owners, from, next)) throw new Refusal("last_owner");
}
