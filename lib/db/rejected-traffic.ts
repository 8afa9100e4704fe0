import type { RejectedGrouping } from "@/lib/domain/rejected-chart";
import { trafficReasons } from "@/lib/domain/traffic";
import { pool } from "./pool";
import { matchesCaller, matchesInstance, matchesReason, type RejectedQuery } from "./rejected-match";
import type { TrafficRow } from "./traffic";

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

// Hours of instances are exact; those of callers do not know whom the folded and the forgotten ones were.
const ofInstances = `"TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId" AND i."accountId" = $1
     AND ${matchesInstance("$3::text")} AND $4::text = ''`;
const ofCallers = `"CallerHour" h JOIN callers c ON c."id" = h."callerId"`;
/** Inlined, so that the plan can read all hours at once where many callers match. */
const callers = `callers AS (
  SELECT c."id", c."instanceId" FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
   WHERE c."accountId" = $1 AND i."accountId" = $1 AND ${matchesInstance("$3::text")} AND ${matchesCaller("$4::text")})`;

const traffic = (caller: string) => `
  ${caller === "" ? "" : `WITH ${callers}`}
  SELECT h."hour", h."outcome", sum(h."requests")::float8 AS requests
    FROM ${caller === "" ? ofInstances : ofCallers}
   WHERE h."hour" >= $2
   GROUP BY 1, 2`;

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
