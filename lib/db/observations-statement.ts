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
export const observationStatement = `
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
