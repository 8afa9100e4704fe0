import { db } from "@/lib/db/client";
import { invalidField } from "@/lib/domain/errors";
import type { LinkOwner } from "./mail-links";
import { isCommonPassword } from "./password-strength";

/**
 * The rule for a password that replaces another one.
 *
 * @throws Refusal `invalid` (password: password_common) for one that an attacker tries early
 */
export async function requireStrongPassword(password: string, { userId, email }: LinkOwner): Promise<void> {
  const memberships = await db.membership.findMany({
    where: { userId },
    select: { account: { select: { name: true } } },
  });
  const about = [email, ...memberships.map(({ account }) => account.name)];
  if (isCommonPassword(password, about)) throw invalidField("password", "password_common");
}
