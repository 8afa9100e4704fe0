import type { RejectedGrouping, RejectedLabel } from "@/lib/domain/rejection";
import { type TrafficRow, trafficReasons } from "@/lib/domain/traffic";
import { pool } from "./pool";

/** SQL that finds instances (`i`) by their id or a part of their name. */
const matchesInstance = (wanted: string) =>
  `(${wanted} = '' OR i."id" = ${wanted} OR strpos(lower(i."name"), lower(${wanted})) > 0)`;

/** SQL that finds callers (`c`) by a part of what they are; program and address stand side by side. */
const matchesCaller = (wanted: string) => `(${wanted} = '' OR strpos(
  lower(concat_ws(' ', c."name", c."userAgent", c."agent", c."address")), lower(${wanted})) > 0)`;

/** SQL that finds hours (`h`) by what became of their requests; `known` are all outcomes that have a name. */
const matchesReason = (wanted: string, known: string) =>
  `CASE WHEN ${wanted} = 'other' THEN h."outcome" <> ALL(${known}) ELSE h."outcome" = ${wanted} END`;

/** A rejected caller as it is listed. */
export interface RejectedRow extends RejectedLabel {
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

/** Requests of one caller, or to one instance, that were rejected in one hour. */
export interface RejectedHourRow {
  /** Id of the caller or the instance. */
  readonly key: string;
  readonly hour: Date;
  readonly requests: number;
  readonly instanceId: string;
  readonly instanceName: string;
  /** The rest is null for an instance. */
  readonly others: boolean | null;
  readonly name: string | null;
  readonly agent: string | null;
  readonly address: string | null;
}

// Hours of instances are exact; those of callers do not know whom the other callers and the forgotten ones were.
const ofInstances = `"TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId" AND i."accountId" = $1
     AND ${matchesInstance("$3::text")} AND $4::text = ''`;
const ofCallers = `"CallerHour" h JOIN callers c ON c."id" = h."callerId"`;
/** Inlined, so that the plan can read all hours at once where many callers match. */
const callers = `callers AS (
  SELECT c."id", c."instanceId" FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
   WHERE c."accountId" = $1 AND i."accountId" = $1 AND ${matchesInstance("$3::text")} AND ${matchesCaller("$4::text")})`;

const traffic = (caller: string) => `
  ${caller === "" ? "" : `WITH ${callers}`}
  SELECT h."hour", h."outcome", h."token", sum(h."requests")::float8 AS requests
    FROM ${caller === "" ? ofInstances : ofCallers}
   WHERE h."hour" >= $2
   GROUP BY 1, 2, 3`;

/**
 * Requests by hour and end since then, of the instances looked for. With a caller, only those of callers that match,
 * as far as they are kept apart.
 */
export async function readTrafficOf(
  accountId: string,
  { since, instance, caller }: Omit<RejectedQuery, "reason">,
): Promise<TrafficRow[]> {
  return (await pool().query<TrafficRow>(traffic(caller), [accountId, since, instance, caller])).rows;
}

const isRejected = `h."hour" >= $2 AND h."outcome" <> 'accepted'
     AND ($5::text = '' OR ${matchesReason("$5", "$6::text[]")})`;

const byCaller = `
WITH ${callers}, most AS MATERIALIZED (
  SELECT h."callerId" AS key FROM ${ofCallers} WHERE ${isRejected}
   GROUP BY 1 ORDER BY sum(h."requests") DESC, 1 LIMIT $7
), hours AS (
  SELECT key, h."hour", sum(h."requests")::float8 AS requests
    FROM most JOIN "CallerHour" h ON h."callerId" = key WHERE ${isRejected} GROUP BY 1, 2
)
SELECT key, h."hour", h.requests, i."id" AS "instanceId", i."name" AS "instanceName",
       c."others", c."name", c."agent", c."address"
  FROM hours h JOIN "Caller" c ON c."id" = key JOIN "Instance" i ON i."id" = c."instanceId"`;

const byInstance = (caller: string) => `
WITH ${caller === "" ? "" : `${callers}, `}hours AS MATERIALIZED (
  SELECT ${caller === "" ? "h" : "c"}."instanceId" AS key, h."hour", sum(h."requests")::float8 AS requests
    FROM ${caller === "" ? ofInstances : ofCallers} WHERE ${isRejected} GROUP BY 1, 2
), most AS MATERIALIZED (
  SELECT key FROM hours GROUP BY 1 ORDER BY sum(requests) DESC, 1 LIMIT $7
)
SELECT key, h."hour", h.requests, i."id" AS "instanceId", i."name" AS "instanceName",
       NULL AS "others", NULL AS "name", NULL AS "agent", NULL AS "address"
  FROM hours h JOIN most USING (key) JOIN "Instance" i ON i."id" = key`;

/** Rejected requests by hour of those callers, or instances, that had most of them since then. */
export async function readRejectedHours(
  accountId: string,
  by: RejectedGrouping,
  { since, instance, caller, reason }: RejectedQuery,
  most: number,
): Promise<RejectedHourRow[]> {
  const known = ["accepted", ...trafficReasons];
  const values = [accountId, since, instance, caller, reason, known, most];
  return (await pool().query<RejectedHourRow>(by === "caller" ? byCaller : byInstance(caller), values)).rows;
}

/** What is looked for; empty means everything. */
export interface RejectedQuery {
  readonly since: Date;
  readonly reason: string;
  readonly caller: string;
  readonly instance: string;
}
