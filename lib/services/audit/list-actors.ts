import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { authorize } from "../authorize";

/** More people than anyone looks through in a list. */
const most = 100;

/**
 * Everyone whom the account's audit trail names, in alphabetical order, 100 at most. One look into the index
 * for each, however long the trail is.
 *
 * @throws Refusal `forbidden`
 */
export async function listAuditActors(actor: Actor): Promise<readonly string[]> {
  authorize(actor, "audit.read");
  const { accountId } = actor;
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
}
