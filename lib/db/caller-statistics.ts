import { callerId, callerLimits, type Outcome, otherCallersId } from "@/lib/domain/caller";
import { endpointsPerCaller } from "@/lib/domain/endpoint-seen";
import type { SeenToken } from "@/lib/domain/preflight-evidence";
import { pool } from "./pool";

/** Requests of one hour (UTC) with one outcome and token. */
interface HourCount {
  /** Start of the hour, in milliseconds since 1970. */
  readonly hour: number;
  readonly outcome: Outcome;
  readonly token: SeenToken;
  readonly requests: number;
}

/** Requests to one endpoint. */
interface EndpointCount {
  readonly method: string;
  readonly path: string;
  readonly accepted: number;
  readonly rejected: number;
  readonly lastAt: number;
}

/**
 * What one gate saw of one caller since it was last written. Moments in milliseconds since 1970; null: never.
 */
export interface CallerStatistics {
  readonly accountId: string;
  readonly instanceId: string;
  /** null when it is not known, and for others. */
  readonly address: string | null;
  readonly agent: string;
  /** True for the sum of an instance's callers beyond the limits. */
  readonly others: boolean;
  readonly userAgent: string;
  readonly firstAt: number;
  /** How it was seen last. */
  readonly last: {
    readonly lastAt: number;
    readonly method: string;
    readonly path: string;
    readonly outcome: Outcome;
    readonly token: SeenToken;
  };
  readonly acceptedAt: number | null;
  readonly rejectedAt: number | null;
  readonly liveAt: number | null;
  readonly notLiveAt: number | null;
  /** When it had last come with a live token before `notLiveAt`, and when it first did after that. */
  readonly liveBeforeAt: number | null;
  readonly liveSinceAt: number | null;
  readonly counts: readonly HourCount[];
  /** Those that token and address let in, and when others found no room among them. */
  readonly endpoints: readonly EndpointCount[];
  readonly moreEndpointsAt: number | null;
}

/** How long the database may take before it gives up, and how long we wait to hear of that; milliseconds. */
const timeoutMs = 10_000;
const answerTimeoutMs = 15_000;

/**
 * A batch as arrays in JSON: its callers, their counts and their endpoints, each with the number of its caller. Row by row: thousands
 * of objects at once would outlive the garbage collector's first look, which takes longer than making them.
 */
function batchJson(batch: readonly CallerStatistics[]): [callers: string, counts: string, endpoints: string] {
  const othersIds = new Map<string, string>();
  const [callers, counts, endpoints]: [string[], string[], string[]] = [[], [], []];
  for (const [nth, caller] of batch.entries()) {
    const { instanceId, last } = caller;
    const othersId = othersIds.get(instanceId) ?? otherCallersId(instanceId);
    othersIds.set(instanceId, othersId);
    // Written out: objects made by spreading take three times as long.
    const row = {
      nth,
      id: caller.others ? othersId : callerId(caller),
      othersId,
      instanceId,
      address: caller.address,
      agent: caller.agent,
      userAgent: caller.userAgent,
      firstAt: caller.firstAt,
      lastAt: last.lastAt,
      method: last.method,
      path: last.path,
      outcome: last.outcome,
      token: last.token,
      // What never was is left out of the text, whose reading is a sixth of the database's work.
      acceptedAt: caller.acceptedAt ?? undefined,
      rejectedAt: caller.rejectedAt ?? undefined,
      liveAt: caller.liveAt ?? undefined,
      notLiveAt: caller.notLiveAt ?? undefined,
      liveBeforeAt: caller.liveBeforeAt ?? undefined,
      liveSinceAt: caller.liveSinceAt ?? undefined,
      moreEndpointsAt: caller.moreEndpointsAt ?? undefined,
    };
    callers.push(JSON.stringify(row));
    for (const { hour, outcome, token, requests } of caller.counts)
      counts.push(JSON.stringify({ nth, hour, outcome, token, requests }));
    for (const { method, path, accepted, rejected, lastAt } of caller.endpoints)
      endpoints.push(JSON.stringify({ nth, method, path, accepted, rejected, lastAt }));
  }
  return [`[${callers}]`, `[${counts}]`, `[${endpoints}]`];
}

/**
 * Writes what several gates saw: callers, their hours, and the hours of instances, in one statement and so wholly or
 * not at all. Any number of gates may do so at once. Instances that were deleted meanwhile are left out, and callers
 * beyond the limits are added to their instance's others.
 *
 * @throws Error when the database does not take it; then nothing was written, unless the answer was lost
 */
export async function writeCallerStatistics(batch: readonly CallerStatistics[]): Promise<void> {
  const values = [...batchJson(batch), callerLimits.perInstance, callerLimits.perAccount];
  await inShortTransaction({ text: statement, values, query_timeout: answerTimeoutMs });
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

const notLiveAt = `GREATEST(old."notLiveAt", EXCLUDED."notLiveAt")`;

/** Moments at which a caller is known to have come with a live token: those of the row and of what was seen since. */
const liveMoments = ["liveAt", "liveSinceAt"].flatMap((column) => [
  `old."${column}"`,
  `EXCLUDED."${column}"`,
]);
const liveMomentsIf = (sign: string, lastNotLive: string) =>
  liveMoments.map((at) => `CASE WHEN ${at} ${sign} ${lastNotLive} THEN ${at} END`).join(",\n  ");

/**
 * The rule of relapse: a caller relapsed when it came without a live token after it had come with one. Of all that is
 * known of it, `relapsedAt` is the last moment without, and `relapsedFrom` the last with a live token before that.
 * `liveSinceAt`, the first with one after it, is what a call without one lies between that is written late.
 */
const relapsedAt = (from: string, notLive: string) => `CASE WHEN ${from} IS NOT NULL THEN ${notLive} END`;
const relapsedFrom = `GREATEST(old."relapsedFrom", EXCLUDED."relapsedFrom",
  ${liveMomentsIf("<", notLiveAt)})`;
const liveSinceAt = `LEAST(${liveMomentsIf(">", `coalesce(${notLiveAt}, '-infinity')`)})`;

/** Milliseconds since 1970 as a moment. */
const moment = (ms: string) => `to_timestamp(${ms} / 1000)`;

/**
 * Adds a batch. Parameters: callers, counts and endpoints as JSON, the limits of callers for each instance and account. Rows are
 * written in the order of their keys, so that several gates wait for each other and never in a circle.
 */
const statement = `
WITH seen AS MATERIALIZED (
  SELECT s.*, i."accountId", s."id" = s."othersId" OR c."id" IS NOT NULL AS known
    FROM json_to_recordset($1::json)
         AS s("nth" int, "id" uuid, "othersId" uuid, "instanceId" text, "address" text, "agent" text,
              "userAgent" text, "firstAt" float8, "lastAt" float8, "method" text, "path" text, "outcome" text,
              "token" text, "acceptedAt" float8, "rejectedAt" float8, "liveAt" float8, "notLiveAt" float8,
              "liveBeforeAt" float8, "liveSinceAt" float8, "moreEndpointsAt" float8)
    JOIN "Instance" i ON i."id" = s."instanceId"
    LEFT JOIN "Caller" c ON c."id" = s."id"
), accounts AS MATERIALIZED (
  SELECT "accountId", (SELECT count(*) FROM (SELECT FROM "Caller" c WHERE c."accountId" = a."accountId" LIMIT $5) c) AS held
    FROM (SELECT DISTINCT "accountId" FROM seen WHERE NOT known) a
), instances AS MATERIALIZED (
  SELECT "instanceId", count(*) AS held FROM "Caller"
   WHERE "instanceId" IN (SELECT "instanceId" FROM seen JOIN accounts USING ("accountId") WHERE NOT known AND held < $5)
   GROUP BY 1
), placed AS MATERIALIZED (
  SELECT s.*, CASE
           WHEN known THEN "id"
           WHEN coalesce(instances.held, 0) + row_number() OVER (PARTITION BY "instanceId", known ORDER BY "nth") <= $4
            AND coalesce(accounts.held, 0) + row_number() OVER (PARTITION BY "accountId", known ORDER BY "nth") <= $5
           THEN "id" ELSE "othersId" END AS "callerId"
    FROM seen s LEFT JOIN instances USING ("instanceId") LEFT JOIN accounts USING ("accountId")
), counted AS MATERIALIZED (
  SELECT p."callerId", p."instanceId", ${moment(`n."hour"`)} AS "hour", n."outcome", n."token", n."requests"
    FROM json_to_recordset($2::json)
         AS n("nth" int, "hour" float8, "outcome" text, "token" text, "requests" bigint)
    JOIN placed p ON p."nth" = n."nth"
), called AS MATERIALIZED (
  SELECT p."callerId", e."method", e."path", sum(e."accepted") AS "accepted", sum(e."rejected") AS "rejected",
         max(e."lastAt") AS "lastAt"
    FROM json_to_recordset($3::json)
         AS e("nth" int, "method" text, "path" text, "accepted" bigint, "rejected" bigint, "lastAt" float8)
    JOIN placed p ON p."nth" = e."nth" GROUP BY 1, 2, 3
), "roomFor" AS MATERIALIZED (
  SELECT c.*, held."method" IS NOT NULL
           OR (SELECT count(*) FROM "CallerEndpoint" WHERE "callerId" = c."callerId")
              + row_number() OVER (PARTITION BY c."callerId", held."method" IS NULL ORDER BY c."lastAt")
              <= ${endpointsPerCaller} AS "hasRoom"
    FROM called c LEFT JOIN "CallerEndpoint" held
      ON held."callerId" = c."callerId" AND held."method" = c."method" AND held."path" = c."path"
), crowded AS MATERIALIZED (
  SELECT "callerId", max("lastAt") AS "at" FROM (
    SELECT "callerId", "lastAt" FROM "roomFor" WHERE NOT "hasRoom"
     UNION ALL SELECT "callerId", "moreEndpointsAt" FROM placed WHERE "moreEndpointsAt" IS NOT NULL) m GROUP BY 1
), callers AS (
  INSERT INTO "Caller" AS old ("id", "accountId", "instanceId", "others", "address", "agent", "userAgent",
         "firstSeenAt", "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken",
         "acceptedAt", "rejectedAt", "liveAt", "notLiveAt", "liveSinceAt",
         "relapsedFrom", "relapsedAt", "moreEndpointsAt")
  SELECT DISTINCT ON ("callerId") "callerId", "accountId", "instanceId", "callerId" = "othersId",
         CASE WHEN "callerId" <> "othersId" THEN "address" END,
         CASE WHEN "callerId" = "othersId" THEN '' ELSE "agent" END,
         CASE WHEN "callerId" = "othersId" THEN '' ELSE "userAgent" END,
         ${moment(`min("firstAt") OVER each`)}, ${moment(`"lastAt"`)}, "method", "path", "outcome", "token",
         ${moment(`max("acceptedAt") OVER each`)}, ${moment(`max("rejectedAt") OVER each`)},
         ${moment(`max("liveAt") OVER each`)}, ${moment(`max("notLiveAt") OVER each`)},
         CASE WHEN "callerId" <> "othersId" THEN ${moment(`"liveSinceAt"`)} END,
         ${moment(`max("liveBeforeAt") OVER each`)},
         ${moment(relapsedAt(`max("liveBeforeAt") OVER each`, `max("notLiveAt") OVER each`))},
         ${moment(`crowded."at"`)}
    FROM placed LEFT JOIN crowded USING ("callerId") WINDOW each AS (PARTITION BY "callerId")
   ORDER BY "callerId", "lastAt" DESC
  ON CONFLICT ("id") DO UPDATE SET
    "firstSeenAt" = LEAST(old."firstSeenAt", EXCLUDED."firstSeenAt"),
    "lastSeenAt" = GREATEST(old."lastSeenAt", EXCLUDED."lastSeenAt"),
    "acceptedAt" = GREATEST(old."acceptedAt", EXCLUDED."acceptedAt"),
    "rejectedAt" = GREATEST(old."rejectedAt", EXCLUDED."rejectedAt"),
    "liveAt" = GREATEST(old."liveAt", EXCLUDED."liveAt"),
    "notLiveAt" = ${notLiveAt},
    "liveSinceAt" = ${liveSinceAt},
    "relapsedFrom" = ${relapsedFrom},
    "relapsedAt" = ${relapsedAt(relapsedFrom, notLiveAt)},
    "moreEndpointsAt" = GREATEST(old."moreEndpointsAt", EXCLUDED."moreEndpointsAt"),
    ${["userAgent", "lastMethod", "lastPath", "lastOutcome", "lastToken"].map(newest).join(",\n    ")}
), "callerHours" AS (
  INSERT INTO "CallerHour" AS old ("callerId", "hour", "outcome", "token", "requests")
  SELECT "callerId", "hour", "outcome", "token", sum("requests") FROM counted
   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT ("callerId", "hour", "outcome", "token")
  DO UPDATE SET "requests" = old."requests" + EXCLUDED."requests"
), endpoints AS (
  INSERT INTO "CallerEndpoint" AS old ("callerId", "method", "path", "accepted", "rejected", "lastAt")
  SELECT "callerId", "method", "path", "accepted", "rejected", ${moment(`"lastAt"`)} FROM "roomFor" WHERE "hasRoom"
   ORDER BY 1, 2, 3
  ON CONFLICT ("callerId", "method", "path")
  DO UPDATE SET "accepted" = old."accepted" + EXCLUDED."accepted",
    "rejected" = old."rejected" + EXCLUDED."rejected", "lastAt" = GREATEST(old."lastAt", EXCLUDED."lastAt")
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
