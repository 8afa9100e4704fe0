import { z } from "zod";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { AuditPage } from "@/lib/domain/audit-event";
import { authorize } from "../authorize";
import { parse } from "../parse";
import { entryColumns, toEntry } from "./entry";

const pageSize = 25;

/** A position comes from the address bar; one that is none means the first page. */
const cursor = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

const schema = z.object({ before: cursor, after: cursor });

/**
 * One page of the account's audit trail, newest first, 25 a page.
 *
 * @param input `before` or `after`: a position that an earlier page gave
 * @throws Refusal `forbidden`
 */
export async function listAudit(
  actor: Actor,
  input: { before?: string | undefined; after?: string | undefined } = {},
): Promise<AuditPage> {
  authorize(actor, "audit.read");
  const { before, after } = parse(schema, input);
  const upwards = before === undefined && after !== undefined;
  const range = upwards ? { gt: after } : before === undefined ? undefined : { lt: before };
  const [rows, account] = await Promise.all([
    db.auditEvent.findMany({
      where: { accountId: actor.accountId, ...(range && { seq: range }) },
      orderBy: { seq: upwards ? "asc" : "desc" },
      take: pageSize + 1,
      select: entryColumns,
    }),
    db.account.findUniqueOrThrow({ where: { id: actor.accountId }, select: { auditSeq: true } }),
  ]);
  const more = rows.length > pageSize;
  const shown = rows.slice(0, pageSize);
  if (upwards) shown.reverse();
  const newest = shown[0]?.seq;
  const oldest = shown.at(-1)?.seq;
  const hasOlder = oldest !== undefined && (upwards ? oldest > 1n : more);
  const hasNewer = newest !== undefined && newest < account.auditSeq;
  return {
    entries: shown.map(toEntry),
    older: hasOlder ? String(oldest) : null,
    newer: hasNewer ? String(newest) : null,
  };
}
