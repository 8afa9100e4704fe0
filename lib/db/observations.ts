import { callerId, callerLimits, otherCallersId } from "@/lib/domain/caller";
import type { CallerSums } from "@/lib/domain/caller-sums";
import { pool } from "./pool";

/** How long the database may take before it gives up, and how long we wait to hear of that; milliseconds. */
const timeoutMs = 10_000;
const answerTimeoutMs = 15_000;

const columns = (rows: readonly (readonly unknown[])[], width: number): unknown[][] =>
  Array.from({ length: width }, (_, column) => rows.map((row) => row[column]));

function callerRow(caller: CallerSums): readonly unknown[] {
  const others = otherCallersId(caller.instanceId);
  return [
    caller.others ? others : callerId(caller),
    others,
    caller.instanceId,
    caller.address,
    caller.agent,
    caller.userAgent,
    caller.firstAt,
    caller.lastAt,
    caller.method,
    caller.path,
    caller.outcome,
    caller.token,
    caller.acceptedAt || null,
    caller.rejectedAt || null,
    caller.liveAt || null,
    caller.notLiveAt || null,
    caller.relapsedAt || null,
    caller.relapsedFrom || null,
  ];
}

/**
 * Writes sums of several gates' requests: callers, their hours, and the hours of instances, in one statement
 * and so wholly or not at all. Any number of gates may do so at once. Instances that were deleted meanwhile
 * are left out, and callers beyond the limits are added to their instance's others.
 *
 * @throws Error when the database does not take it; then nothing was written, unless the answer was lost
 */
export async function writeObservations(batch: readonly CallerSums[]): Promise<void> {
  const callers = batch.map(callerRow);
  const counts = batch.flatMap(({ counts }, at) =>
    counts.map(({ hour, outcome, token, requests }) => [at + 1, hour, outcome, token, requests]),
  );
  const values = [
    ...columns(callers, 18),
    ...columns(counts, 5),
    callerLimits.perInstance,
    callerLimits.perAccount,
  ];
  await inShortTransaction({ text: observationStatement, values, query_timeout: answerTimeoutMs });
}

/** Runs one statement that the database itself ends when it takes too long: it must not finish unheard. */
async function inShortTransaction(query: { text: string; values: unknown[]; query_timeout: number }) {
  const client = await pool().connect();
  try {
    // Compiling the statement would take longer than running it.
    await client.query(`BEGIN; SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL jit = off`);
    await client.query(query);
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    // Closing the connection rolls back, whatever state it is in.
    client.release(true);
    throw error;
  }
}

/** True when the database refused the data themselves (SQLSTATE class 22 or 23514), as it always would. */
export function refusesData(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && (code.startsWith("22") || code === "23514");
}

/** The channel on which the dashboard hears of traffic; the payload is account ids joined with commas. */
export const trafficChannel = "latchkey_traffic";

/** Of two sights of a caller the later one counts. */
const newest = (column: string): string =>
  `"${column}" = CASE WHEN EXCLUDED."lastSeenAt" < old."lastSeenAt" THEN old."${column}" ELSE EXCLUDED."${column}" END`;

/**
 * Adds a batch of sums. Parameters: eighteen arrays with one entry a caller, five with one entry a count, the
 * limits of callers for each instance and account. Rows are written in the order of their keys, so that
 * several gates wait for each other and never in a circle.
 */
const observationStatement = `
WITH seen AS MATERIALIZED (
  SELECT s.*, i."accountId", s."id" = s."othersId" OR c."id" IS NOT NULL AS known
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[],
                $8::float8[], $9::text[], $10::text[], $11::text[], $12::text[], $13::float8[],
                $14::float8[], $15::float8[], $16::float8[], $17::float8[], $18::float8[]) WITH ORDINALITY
         AS s("id", "othersId", "instanceId", "address", "agent", "userAgent", "firstAt", "lastAt",
              "method", "path", "outcome", "token", "acceptedAt", "rejectedAt", "liveAt", "notLiveAt", "relapsedAt",
              "relapsedFrom", "nth")
    JOIN "Instance" i ON i."id" = s."instanceId"
    LEFT JOIN "Caller" c ON c."id" = s."id"
), newcomers AS MATERIALIZED (
  SELECT "id", "instanceId", "accountId",
         row_number() OVER (PARTITION BY "instanceId" ORDER BY "nth") AS "ofInstance",
         row_number() OVER (PARTITION BY "accountId" ORDER BY "nth") AS "ofAccount"
    FROM seen WHERE NOT known
), instances AS MATERIALIZED (
  SELECT "instanceId", count(*) AS held FROM "Caller"
   WHERE "instanceId" IN (SELECT "instanceId" FROM newcomers) GROUP BY 1
), accounts AS MATERIALIZED (
  SELECT "accountId", count(*) AS held FROM "Caller"
   WHERE "accountId" IN (SELECT "accountId" FROM newcomers) GROUP BY 1
), admitted AS MATERIALIZED (
  SELECT n."id" FROM newcomers n
    LEFT JOIN instances USING ("instanceId") LEFT JOIN accounts USING ("accountId")
   WHERE n."ofInstance" + coalesce(instances.held, 0) <= $24
     AND n."ofAccount" + coalesce(accounts.held, 0) <= $25
), placed AS MATERIALIZED (
  SELECT s.*, CASE WHEN s.known OR a."id" IS NOT NULL THEN s."id" ELSE s."othersId" END AS "callerId"
    FROM seen s LEFT JOIN admitted a ON a."id" = s."id"
), counted AS MATERIALIZED (
  SELECT p."callerId", p."instanceId", to_timestamp(n."hour" / 1000) AS "hour", n."outcome", n."token", n."requests"
    FROM unnest($19::int[], $20::float8[], $21::text[], $22::text[], $23::bigint[])
         AS n("nth", "hour", "outcome", "token", "requests")
    JOIN placed p ON p."nth" = n."nth"
), callers AS (
  INSERT INTO "Caller" AS old ("id", "accountId", "instanceId", "others", "address", "agent", "userAgent",
         "firstSeenAt", "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken",
         "acceptedAt", "rejectedAt", "liveAt", "notLiveAt", "relapsedAt", "relapsedFrom")
  SELECT DISTINCT ON ("callerId") "callerId", "accountId", "instanceId", "callerId" = "othersId",
         CASE WHEN "callerId" <> "othersId" THEN "address" END,
         CASE WHEN "callerId" = "othersId" THEN '' ELSE "agent" END,
         CASE WHEN "callerId" = "othersId" THEN '' ELSE "userAgent" END,
         to_timestamp(min("firstAt") OVER each / 1000), to_timestamp("lastAt" / 1000),
         "method", "path", "outcome", "token",
         to_timestamp(max("acceptedAt") OVER each / 1000), to_timestamp(max("rejectedAt") OVER each / 1000),
         to_timestamp(max("liveAt") OVER each / 1000), to_timestamp(max("notLiveAt") OVER each / 1000),
         to_timestamp(max("relapsedAt") OVER each / 1000), to_timestamp(max("relapsedFrom") OVER each / 1000)
    FROM placed WINDOW each AS (PARTITION BY "callerId")
   ORDER BY "callerId", "lastAt" DESC
  ON CONFLICT ("id") DO UPDATE SET
    "firstSeenAt" = LEAST(old."firstSeenAt", EXCLUDED."firstSeenAt"),
    "lastSeenAt" = GREATEST(old."lastSeenAt", EXCLUDED."lastSeenAt"),
    "acceptedAt" = GREATEST(old."acceptedAt", EXCLUDED."acceptedAt"),
    "rejectedAt" = GREATEST(old."rejectedAt", EXCLUDED."rejectedAt"),
    "liveAt" = GREATEST(old."liveAt", EXCLUDED."liveAt"),
    "notLiveAt" = GREATEST(old."notLiveAt", EXCLUDED."notLiveAt"),
    "relapsedAt" = GREATEST(old."relapsedAt", EXCLUDED."relapsedAt",
                            CASE WHEN EXCLUDED."notLiveAt" > old."liveAt" THEN EXCLUDED."notLiveAt" END),
    "relapsedFrom" = GREATEST(old."relapsedFrom", EXCLUDED."relapsedFrom",
                              CASE WHEN EXCLUDED."notLiveAt" > old."liveAt" THEN old."liveAt" END),
    ${["userAgent", "lastMethod", "lastPath", "lastOutcome", "lastToken"].map(newest).join(",\n    ")}
), "callerHours" AS (
  INSERT INTO "CallerHour" AS old ("callerId", "hour", "outcome", "token", "requests")
  SELECT "callerId", "hour", "outcome", "token", sum("requests") FROM counted
   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT ("callerId", "hour", "outcome", "token")
  DO UPDATE SET "requests" = old."requests" + EXCLUDED."requests"
), "trafficHours" AS (
  INSERT INTO "TrafficHour" AS old ("instanceId", "hour", "outcome", "token", "requests")
  SELECT "instanceId", "hour", "outcome", "token", sum("requests") FROM counted
   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT ("instanceId", "hour", "outcome", "token")
  DO UPDATE SET "requests" = old."requests" + EXCLUDED."requests"
)
SELECT pg_notify('${trafficChannel}', string_agg("accountId"::text, ','))
  FROM (SELECT "accountId", row_number() OVER () / 200 AS "page"
          FROM (SELECT DISTINCT "accountId" FROM placed) a) pages
 GROUP BY "page"`;
