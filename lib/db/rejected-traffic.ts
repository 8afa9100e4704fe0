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
const ofInstances = `"TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"`;
const ofCallers = `"CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
    JOIN "Instance" i ON i."id" = c."instanceId" AND c."accountId" = i."accountId"`;
const matches = `i."accountId" = $1 AND h."hour" >= $2 AND ${matchesInstance("$3::text")}`;

const traffic = (caller: string) => `
  SELECT h."hour", h."outcome", sum(h."requests")::float8 AS requests
    FROM ${caller === "" ? ofInstances : ofCallers}
   WHERE ${matches} AND ${caller === "" ? "$4::text = ''" : matchesCaller("$4::text")}
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

const labels: Readonly<Record<RejectedGrouping, string>> = {
  caller: `c."others", c."name", c."agent", c."address"
  FROM hours h JOIN most USING (key)
  JOIN "Caller" c ON c."id" = key JOIN "Instance" i ON i."id" = c."instanceId"`,
  instance: `NULL AS "others", NULL AS "name", NULL AS "agent", NULL AS "address"
  FROM hours h JOIN most USING (key) JOIN "Instance" i ON i."id" = key`,
};

function lines(by: RejectedGrouping, caller: string): string {
  const apart = by === "caller" || caller !== "";
  return `
WITH hours AS MATERIALIZED (
  SELECT ${by === "caller" ? `h."callerId"` : `i."id"`} AS key, h."hour", sum(h."requests")::float8 AS requests
    FROM ${apart ? ofCallers : ofInstances}
   WHERE ${matches} AND ${apart ? matchesCaller("$4::text") : "$4::text = ''"} AND h."outcome" <> 'accepted'
     AND ($5::text = '' OR ${matchesReason("$5", "$6::text[]")})
   GROUP BY 1, 2
), most AS MATERIALIZED (
  SELECT key FROM hours GROUP BY 1 ORDER BY sum(requests) DESC, key LIMIT $7
)
SELECT key, h."hour", h.requests, i."id" AS "instanceId", i."name" AS "instanceName", ${labels[by]}`;
}

/** Rejected requests by hour of those callers, or instances, that had most of them since then. */
export async function readRejectedHours(
  accountId: string,
  by: RejectedGrouping,
  { since, instance, caller, reason }: RejectedQuery,
  most: number,
): Promise<RejectedHourRow[]> {
  const known = ["accepted", ...trafficReasons];
  const values = [accountId, since, instance, caller, reason, known, most];
  return (await pool().query<RejectedHourRow>(lines(by, caller), values)).rows;
}
