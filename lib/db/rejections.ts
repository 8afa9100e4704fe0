import { trafficReasons } from "@/lib/domain/traffic";
import { pool } from "./pool";
import { matchesCaller, matchesInstance, matchesReason, type RejectedQuery } from "./rejected-match";

/** A rejected caller as it is listed. */
export interface RejectedRow {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly others: boolean;
  readonly name: string | null;
  readonly address: string | null;
  readonly agent: string;
  readonly userAgent: string;
  readonly rejectedAt: Date;
  readonly lastOutcome: string;
  readonly lastMethod: string;
  readonly lastPath: string;
}

/** Requests of one caller that were rejected alike. */
export interface RejectedCount {
  readonly callerId: string;
  readonly outcome: string;
  readonly requests: number;
  /** Start of the newest hour (UTC) in which that happened. */
  readonly hour: Date;
}

/**
 * The newest few thousand are taken first, so that what is done with each of them is bounded. Whether hours have
 * the reason is asked caller by caller: EXISTS would be planned as a join that reads the hours of everybody.
 */
const list = `
WITH rejected AS MATERIALIZED (
  SELECT c."id", c."instanceId", i."name" AS "instanceName", c."others", c."name", c."address", c."agent",
         c."userAgent", c."rejectedAt", c."lastOutcome", c."lastMethod", c."lastPath"
    FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
   WHERE c."accountId" = $1 AND i."accountId" = $1 AND c."rejectedAt" >= $2
     AND ${matchesInstance("$3::text")} AND ${matchesCaller("$4::text")}
   ORDER BY c."rejectedAt" DESC, c."id" LIMIT $7 + 1
), matching AS (
  SELECT r.* FROM rejected r
   WHERE $5::text = '' OR r."lastOutcome" = $5 OR (
     SELECT true FROM "CallerHour" h
      WHERE h."callerId" = r."id" AND h."hour" >= $2
        AND ${matchesReason("$5", "$6")} LIMIT 1)
   ORDER BY r."rejectedAt" DESC, r."id" LIMIT $7
)
SELECT m.*, (SELECT count(*) FROM matching)::int AS matching, (SELECT count(*) > $7 FROM rejected) AS capped
  FROM matching m ORDER BY m."rejectedAt" DESC, m."id" LIMIT $8 OFFSET $9`;

/**
 * Callers of an account that were rejected since then, rejected last first.
 *
 * @param page `most`: callers that are looked through; `take`, `skip`: those that are given of them
 */
export async function listRejected(
  accountId: string,
  { since, instance, caller, reason }: RejectedQuery,
  { most, take, skip }: { readonly most: number; readonly take: number; readonly skip: number },
) {
  const known = ["accepted", ...trafficReasons];
  const values = [accountId, since, instance, caller, reason, known, most, take, skip];
  const { rows } = await pool().query<RejectedRow & { matching: number; capped: boolean }>(list, values);
  return { rows, matching: rows[0]?.matching ?? 0, capped: rows[0]?.capped ?? false };
}

const counts = `
  SELECT h."callerId", h."outcome", sum(h."requests")::float8 AS requests, max(h."hour") AS hour
    FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
   WHERE c."accountId" = $1 AND h."callerId" = ANY($2::uuid[]) AND h."hour" >= $3 AND h."outcome" <> 'accepted'
   GROUP BY 1, 2 ORDER BY hour DESC, requests DESC`;

/** What some callers of an account were rejected for since then, newest first. */
export async function countRejected(accountId: string, callerIds: readonly string[], since: Date) {
  return (await pool().query<RejectedCount>(counts, [accountId, callerIds, since])).rows;
}
