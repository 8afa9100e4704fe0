import { z } from "zod";
import { db } from "@/lib/db/client";
import { type AuditEntry, type AuditPage, auditActions, auditTargetTypes } from "@/lib/domain/audit-event";
import { type AuditFilter, actionsOf, auditGroups } from "@/lib/domain/audit-filter";
import { endOfDay, startOfDay } from "@/lib/domain/traffic";
import { timeZoneSchema } from "../parse";
import { readUseCase } from "../use-case";

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
const entryColumns = {
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
function toEntry(row: unknown): AuditEntry {
  const { actorLabel, ...entry } = stored.parse(row);
  return { ...entry, actor: actorLabel };
}

/** A filter as `auditFilterIn` reads it. */
export const auditFilterSchema = z
  .object({
    actor: z.string().exactOptional(),
    group: z.enum(auditGroups).exactOptional(),
    from: z.iso.date().exactOptional(),
    to: z.iso.date().exactOptional(),
  })
  .default({});

/** The rows of an account that a filter leaves, as a condition of the database. */
export function auditWhere(accountId: string, filter: AuditFilter, timeZone: string) {
  const { actor, group, from, to } = filter;
  const at = {
    ...(from !== undefined && { gte: startOfDay(from, timeZone) }),
    ...(to !== undefined && { lt: endOfDay(to, timeZone) }),
  };
  return {
    accountId,
    // NUL is the one character PostgreSQL cannot look for.
    ...(actor !== undefined && { actorLabel: actor.replaceAll("\0", "") }),
    ...(group && { action: { in: actionsOf(group) } }),
    ...((from ?? to) !== undefined && { at }),
  };
}

const pageSize = 25;

/** A position comes from the address bar; one that is none means the first page. */
const cursor = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

/** One page of the account's audit trail, newest first, 25 a page. */
export const listAudit = readUseCase({
  permission: "audit.read",
  /** `before` and `after` are positions that an earlier page gave; the filter's days are those of the time zone. */
  input: z.object({ before: cursor, after: cursor, filter: auditFilterSchema, timeZone: timeZoneSchema }),
  run: async ({ accountId }, { before, after, filter, timeZone }): Promise<AuditPage> => {
    const where = auditWhere(accountId, filter, timeZone);
    const upwards = before === undefined && after !== undefined;
    const range = upwards ? { gt: after } : before === undefined ? undefined : { lt: before };
    const rows = await db.auditEvent.findMany({
      where: { ...where, ...(range && { seq: range }) },
      orderBy: { seq: upwards ? "asc" : "desc" },
      take: pageSize + 1,
      select: entryColumns,
    });
    const shown = rows.slice(0, pageSize);
    if (upwards) shown.reverse();
    const [newest, oldest] = [shown[0]?.seq, shown.at(-1)?.seq];
    const isThere = async (seq: { gt: bigint } | { lt: bigint }) =>
      (await db.auditEvent.findFirst({ where: { ...where, seq }, select: { seq: true } })) !== null;
    // One row more than shown tells about the way that was read; the other way is asked for.
    const more = rows.length > pageSize;
    const hasOlder = oldest !== undefined && (upwards ? await isThere({ lt: oldest }) : more);
    const hasNewer = newest !== undefined && (upwards ? more : await isThere({ gt: newest }));
    return {
      entries: shown.map(toEntry),
      older: hasOlder ? String(oldest) : null,
      newer: hasNewer ? String(newest) : null,
    };
  },
});

const newestCount = 5;

/** The newest events of the account, at most five. */
export const newestEvents = readUseCase({
  permission: "audit.read",
  run: async ({ accountId }): Promise<readonly AuditEntry[]> => {
    const rows = await db.auditEvent.findMany({
      where: { accountId },
      orderBy: { seq: "desc" },
      take: newestCount,
      select: entryColumns,
    });
    return rows.map(toEntry);
  },
});

/** More people than anyone looks through in a list. */
const most = 100;

/**
 * Everyone whom the account's audit trail names, in alphabetical order, 100 at most. One look into the index
 * for each, however long the trail is.
 */
export const listAuditActors = readUseCase({
  permission: "audit.read",
  run: async ({ accountId }): Promise<readonly string[]> => {
    const rows = await db.$queryRaw<{ label: string }[]>`
    WITH RECURSIVE named AS (
      (SELECT "actorLabel" AS "label" FROM "AuditEvent" WHERE "accountId" = ${accountId}::uuid
       ORDER BY "actorLabel" LIMIT 1)
      UNION ALL
      SELECT (SELECT "actorLabel" FROM "AuditEvent"
               WHERE "accountId" = ${accountId}::uuid AND "actorLabel" > named."label"
               ORDER BY "actorLabel" LIMIT 1)
        FROM named WHERE named."label" IS NOT NULL
    )
    SELECT "label" FROM named WHERE "label" IS NOT NULL LIMIT ${most}`;
    return rows.map(({ label }) => label);
  },
});
