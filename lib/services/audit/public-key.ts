import { auditKey } from "@/lib/crypto/audit-key";
import type { AuditKey } from "@/lib/domain/audit-key";

/** The key that checkpoints are checked with. Anyone may have it. */
export function publicAuditKey(): AuditKey {
  return auditKey();
}
