import type { AuditAction, AuditDetails } from "@/lib/domain/audit-event";
import type { AuditRecord } from "../audit/append";

/** An audit record about an instance. */
export function instanceEvent(
  action: AuditAction,
  instance: { readonly id: string; readonly name: string },
  details?: AuditDetails,
): AuditRecord {
  return {
    action,
    targetType: "instance",
    targetId: instance.id,
    targetLabel: instance.name,
    ...(details && { details }),
  };
}
