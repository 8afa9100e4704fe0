import { mixingMs, watchMs } from "@/lib/domain/after-activation";
import { hourMs } from "@/lib/domain/caller-sums";
import { tokenRejections } from "@/lib/domain/rejection";
import { pool } from "./pool";

/** A caller that may have stopped working. */
export interface StoppedRow {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly instanceEnforced: boolean;
  readonly others: boolean;
  readonly name: string | null;
  readonly address: string | null;
  readonly agent: string;
  readonly userAgent: string;
  readonly acceptedAt: Date | null;
  readonly rejectedAt: Date;
  readonly lastSeenAt: Date;
  readonly lastOutcome: string;
  readonly recent: string | null;
  readonly relapsedAt: Date | null;
  readonly relapsedFrom: Date | null;
  readonly dismissedAt: Date | null;
}

/** Hours are looked at only of the few whose latest request does not say it: those that mix, and others. */
const statement = `
  SELECT c."id", c."instanceId", i."name" AS "instanceName", i."enforced" AS "instanceEnforced", c."others",
         c."name", c."address", c."agent", c."userAgent", c."acceptedAt", c."rejectedAt", c."lastSeenAt",
         c."lastOutcome", c."relapsedAt", c."relapsedFrom", c."dismissedAt", r."outcome" AS "recent"
    FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
    LEFT JOIN LATERAL (
      SELECT h."outcome" FROM "CallerHour" h
       WHERE h."callerId" = c."id" AND h."hour" > $2 AND h."outcome" = ANY($4)
       ORDER BY h."hour" DESC, h."requests" DESC LIMIT 1) r ON c."lastOutcome" <> ALL($4)
   WHERE c."accountId" = $1 AND i."accountId" = $1 AND c."acceptedAt" IS NOT NULL AND c."rejectedAt" > $2
     AND ($5 OR i."enforced") AND (c."dismissedAt" IS NULL OR c."lastSeenAt" > c."dismissedAt")
     AND (c."lastOutcome" = ANY($4) OR c."others" OR c."rejectedAt" > $3)
   ORDER BY c."others", c."rejectedAt" DESC, c."id" LIMIT $6`;

/**
 * Callers of an account that were let in once and were rejected within a day where the token is demanded:
 * those that may have stopped working, rejected last first, others at the end.
 *
 * @param everywhere whether the token is demanded on all instances, not only on chosen ones
 */
export async function readStoppedCallers(
  accountId: string,
  everywhere: boolean,
  now: Date,
  most: number,
): Promise<readonly StoppedRow[]> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const values = [accountId, ago(watchMs), ago(mixingMs), tokenRejections, everywhere, most];
  return (await pool().query<StoppedRow>(statement, values)).rows;
}

const lately = `
  SELECT count(*) FILTER (WHERE NOT "others")::int AS callers, coalesce(bool_or("others"), false) AS folded
    FROM "Caller"
   WHERE "accountId" = $1 AND "rejectedAt" > $2 AND ("dismissedAt" IS NULL OR "lastSeenAt" > "dismissedAt")`;

/** How many callers of an account were rejected within the last hour, and whether folded ones were too. */
export async function countRejectedLately(accountId: string, now: Date) {
  const since = new Date(now.getTime() - hourMs);
  const { rows } = await pool().query<{ callers: number; folded: boolean }>(lately, [accountId, since]);
  return rows[0] ?? { callers: 0, folded: false };
}
