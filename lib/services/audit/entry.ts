import { z } from "zod";
import { type AuditEntry, auditActions, auditTargetTypes } from "@/lib/domain/audit-event";

const stored = z.object({
  seq: z.bigint().transform(String),
  at: z.date(),
  action: z.enum(auditActions),
  actorLabel: z.string(),
  targetType: z.enum(auditTargetTypes).nullable(),
  targetId: z.string().nullable(),
  targetLabel: z.string().nullable(),
  address: z.string(),
  userAgent: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  hash: z.string(),
});

/** The columns an entry is made from. */
export const entryColumns = {
  seq: true,
  at: true,
  action: true,
  actorLabel: true,
  targetType: true,
  targetId: true,
  targetLabel: true,
  address: true,
  userAgent: true,
  details: true,
  hash: true,
} as const;

/** Makes an entry from a stored row. */
export function toEntry(row: unknown): AuditEntry {
  const { actorLabel, ...entry } = stored.parse(row);
  return { ...entry, actor: actorLabel };
}
