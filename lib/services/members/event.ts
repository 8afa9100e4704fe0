import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import type { AuditRecord } from "../audit/append";

/** An audit record about a member, or about someone who is to become one. */
export function memberEvent(
  action: AuditAction,
  { id, email }: { readonly id: string; readonly email: string },
  details?: AuditDetails,
): AuditRecord {
  return { action, targetType: "member", targetId: id, targetLabel: email, ...(details && { details }) };
}
