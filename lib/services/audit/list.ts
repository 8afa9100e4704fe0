import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { AuditPage } from "@/lib/domain/audit-event";
import type { AuditFilter } from "@/lib/domain/audit-filter";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { entryColumns, toEntry } from "./entry";
import { auditWhere } from "./where";

const pageSize = 25;

/** A position comes from the address bar; one that is none means the first page. */
const cursor = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

const schema = z.object({ before: cursor, after: cursor });

interface AuditQuery {
  /** A position that an earlier page gave. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly filter?: AuditFilter;
  /** Whose days the filter means; UTC unless given. One that Intl knows. */
  readonly timeZone?: string;
}

/**
 * One page of the account's audit trail, newest first, 25 a page.
 *
 * @throws Refusal `forbidden`
 */
export async function listAudit(actor: Actor, input: AuditQuery = {}): Promise<AuditPage> {
  authorize(actor, "audit.read");
  const { filter = {}, timeZone = "UTC", ...positions } = input;
  const { before, after } = parse(schema, positions);
  const where = auditWhere(actor.accountId, filter, timeZone);
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
}
