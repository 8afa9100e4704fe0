import { z } from "zod";
import type { HashedEvent } from "@/lib/domain/audit-chain";

/** The columns a chained event is made from. */
export const chainColumns = {
  accountId: true,
  seq: true,
  at: true,
  action: true,
  actorLabel: true,
  actorUserId: true,
  targetType: true,
  targetId: true,
  targetLabel: true,
  address: true,
  userAgent: true,
  details: true,
  prevHash: true,
  hash: true,
} as const;

const text = z.string();

/** Only what the form needs: what the words mean is not asked, so that events of any version can be read. */
const stored = z
  .object({
    accountId: text,
    seq: z.bigint(),
    at: z.date(),
    action: text,
    actorLabel: text,
    actorUserId: text.nullable(),
    targetType: text.nullable(),
    targetId: text.nullable(),
    targetLabel: text.nullable(),
    address: text,
    userAgent: text,
    details: z.record(text, z.union([text, z.number(), z.boolean(), z.null()])),
    prevHash: text,
    hash: text,
  })
  .transform(
    (row): HashedEvent => ({
      type: "event",
      v: 1,
      account: row.accountId,
      seq: Number(row.seq),
      at: row.at.toISOString(),
      action: row.action,
      actor: row.actorLabel,
      actorId: row.actorUserId,
      targetType: row.targetType,
      targetId: row.targetId,
      target: row.targetLabel,
      address: row.address,
      userAgent: row.userAgent,
      details: row.details,
      prevHash: row.prevHash,
      hash: row.hash,
    }),
  );

/** A stored row in the form that is hashed and exported. */
export function toChainedEvent(row: unknown): HashedEvent {
  return stored.parse(row);
}
