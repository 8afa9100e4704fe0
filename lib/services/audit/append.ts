import type { Transaction } from "@/lib/db/transaction";
import type { AuditAction, AuditDetails, AuditTargetType } from "@/lib/domain/audit-event";

/** What happened, and to what. `details` never holds a secret. */
export interface AuditRecord {
  readonly action: AuditAction;
  readonly targetType?: AuditTargetType;
  readonly targetId?: string;
  /** The target's name at this time. */
  readonly targetLabel?: string;
  readonly details?: AuditDetails;
}

/** A record with who did it, where, and from where. */
export interface AuditInput extends AuditRecord {
  readonly accountId: string;
  /** null when nobody was signed in. */
  readonly actorUserId: string | null;
  readonly actorLabel: string;
  readonly address: string;
  readonly userAgent: string;
}

/**
 * Appends to the account's audit trail in the transaction of the change it records. The sequence number is
 * taken under the account row's lock, so numbers have no gaps: a rolled-back change gives its number back.
 */
export async function appendAudit(tx: Transaction, input: AuditInput): Promise<void> {
  await tx.$executeRaw`
    WITH next AS (
      UPDATE "Account" SET "auditSeq" = "auditSeq" + 1
      WHERE "id" = ${input.accountId}::uuid RETURNING "id", "auditSeq"
    )
    INSERT INTO "AuditEvent" ("accountId", "seq", "action", "actorUserId", "actorLabel", "targetType",
      "targetId", "targetLabel", "address", "userAgent", "details")
    SELECT "id", "auditSeq", ${input.action}, ${input.actorUserId}::uuid, ${input.actorLabel},
      ${input.targetType ?? null}, ${input.targetId ?? null}, ${input.targetLabel ?? null},
      ${input.address}, ${input.userAgent}, ${JSON.stringify(input.details ?? {})}::jsonb
    FROM next`;
}
