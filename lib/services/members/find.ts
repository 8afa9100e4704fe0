import { z } from "zod";
import type { Transaction } from "@/lib/db/transaction";
import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import { Refusal } from "@/lib/domain/errors";
import { roles } from "@/lib/domain/membership";
import type { Role } from "@/lib/domain/permissions";
import type { AuditRecord } from "../audit/append";
import { refuse } from "../parse";

/** An audit record about a member, or about someone who is to become one. */
export function memberEvent(
  action: AuditAction,
  { id, email }: { readonly id: string; readonly email: string },
  details?: AuditDetails,
): AuditRecord {
  return { action, targetType: "member", targetId: id, targetLabel: email, details };
}

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

/** A role from a form. */
export const roleSchema = z.string().transform((text, context): Role => {
  const role = roles.find((each) => each === text);
  if (!role) refuse(context, "choice_invalid");
  return role ?? "viewer";
});
