import type { GateProcess, GateReports } from "@/lib/domain/receipts";
import { pool } from "./pool";

interface Row extends GateProcess {
  changedAt: Date | null;
  now: Date;
}

// One statement is one snapshot: a receipt is never compared with an epoch of another moment.
const statement = `
  SELECT a."epochAt" AS "changedAt", clock_timestamp() AS "now", n."gateId", n."host", n."leadPid" AS "pid",
         n."lastSeenAt", n."stalenessMs", n."clockAheadMs",
         coalesce(pg_visible_in_snapshot(a."epochXid"::text::xid8, n."snapshot"::pg_snapshot), false) AS "caughtUp",
         CASE WHEN r."epoch" >= a."epoch" THEN r."appliedAt" END AS "appliedAt"
    FROM "Account" a
    LEFT JOIN "GateNode" n ON true
    LEFT JOIN "GateReceipt" r ON r."accountId" = a."id" AND r."nodeId" = n."id"
   WHERE a."id" = $1
   ORDER BY n."startedAt", n."id"`;

/** What all gates have reported of an account's newest change; null when no change is on record. */
export async function readGateReports(accountId: string): Promise<GateReports | null> {
  const { rows } = await pool().query<Row>(statement, [accountId]);
  const [first] = rows;
  if (!first?.changedAt) return null;
  const processes = rows.filter(({ gateId }) => gateId !== null);
  return { changedAt: first.changedAt, now: first.now, processes };
}
