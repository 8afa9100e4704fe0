import { sentAlertDays } from "@/lib/domain/alert";
import { callerLimits } from "@/lib/domain/caller";
import { settleMs } from "@/lib/domain/rotation";
import type { TrafficRow } from "@/lib/domain/traffic";
import { pool, queryPrepared } from "./pool";

const ofInstance = `
  SELECT h."hour", h."outcome", h."token", sum(h."requests")::float8 AS requests
    FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
   WHERE i."accountId" = $1 AND h."hour" >= $2 AND h."instanceId" = $3
   GROUP BY 1, 2, 3`;

const ofAccount = `
  SELECT h."hour", h."outcome", h."token", sum(h."requests")::float8 AS requests
    FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
   WHERE i."accountId" = $1 AND h."hour" >= $2
   GROUP BY 1, 2, 3`;

/** Requests by hour, end and token since an hour, of one instance of the account or of all. Nothing of other accounts. */
export async function readTrafficHours(
  accountId: string,
  since: Date,
  instanceId?: string,
): Promise<TrafficRow[]> {
  const { rows } = await (instanceId === undefined
    ? pool().query<TrafficRow>(ofAccount, [accountId, since])
    : pool().query<TrafficRow>(ofInstance, [accountId, since, instanceId]));
  return rows;
}

/** What is seen of an instance in a list. */
interface SeenInstance {
  readonly id: string;
  /** When it was called last, as far as that is remembered; null: never. */
  readonly lastCallAt: Date | null;
  /** Callers kept apart, without those that were set aside. */
  readonly callers: number;
  /** Requests by hour, in milliseconds: accepted, and rejected. */
  readonly hours: readonly (readonly [hour: number, accepted: number, rejected: number])[];
}

const seen = `
  SELECT i."id", c.*, (
           SELECT coalesce(json_agg(json_build_array(extract(epoch FROM h."hour") * 1000, h.accepted, h.rejected)), '[]')
             FROM (SELECT "hour", coalesce(sum("requests") FILTER (WHERE "outcome" = 'accepted'), 0) AS accepted,
                          coalesce(sum("requests") FILTER (WHERE "outcome" <> 'accepted'), 0) AS rejected
                     FROM "TrafficHour" WHERE "instanceId" = i."id" AND "hour" >= $3::timestamptz
                    GROUP BY 1) h) AS "hours"
    FROM "Instance" i CROSS JOIN LATERAL (
      SELECT max("lastSeenAt") AS "lastCallAt", (count(*) FILTER (
               WHERE NOT "others" AND "leftOutAt" IS NULL
                 AND ("dismissedAt" IS NULL OR "lastSeenAt" > "dismissedAt")))::int AS "callers"
        FROM "Caller" WHERE "instanceId" = i."id") c
   WHERE i."accountId" = $1::uuid AND i."id" = ANY($2::text[])`;

/** When some instances of an account were called last, by how many callers, and their requests by hour since then. */
export async function readSeenInstances(
  accountId: string,
  ids: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, SeenInstance>> {
  if (ids.length === 0) return new Map();
  const rows = await queryPrepared<SeenInstance>("seen-instances", seen, [accountId, ids, since]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Rows deleted by one statement, so that none holds locks for long. */
const batchSize = 5000;

// The shortest retention of all accounts bounds the part of the index that is read at all.
const oldHours = `
  WITH bound AS (SELECT $1::timestamptz - make_interval(days => (SELECT min("trafficDays") FROM "Account")) AS "at")`;

/** Callers that are new to one instance within one hour, beyond which they are a crowd: a flood, not its programs. */
const crowd = callerLimits.perInstance / 10;

/**
 * Where no caller fits in any more, those leave that an owner called gone, and those that came and went within an
 * hour: after a day when they came in a crowd; the rest, a job of the night among them, when it has had a week
 * and a day to come back. One with a name stays: only its owner can say that it is gone.
 */
const makeRoom = `
  WITH full_up AS MATERIALIZED (
    SELECT "id", "instanceId", "firstSeenAt" FROM "Caller"
     WHERE "instanceId" IN (SELECT "instanceId" FROM "Caller" GROUP BY 1 HAVING count(*) >= ${callerLimits.perInstance})
        OR "accountId" IN (SELECT "accountId" FROM "Caller" GROUP BY 1 HAVING count(*) >= ${callerLimits.perAccount})
  ), arrivals AS MATERIALIZED (
    SELECT "id", count(*) OVER (PARTITION BY "instanceId", date_trunc('hour', "firstSeenAt", 'UTC')) AS together
      FROM full_up
  )
  DELETE FROM "Caller" WHERE ctid = ANY(ARRAY(
    SELECT c.ctid FROM "Caller" c JOIN arrivals a ON a."id" = c."id"
     WHERE NOT c."others" AND c."lastSeenAt" < $1::timestamptz - interval '1 day'
       AND (c."dismissedAt" >= c."lastSeenAt"
         OR (c."name" IS NULL AND c."lastSeenAt" - c."firstSeenAt" < interval '1 hour'
           AND (a.together > ${crowd} OR c."lastSeenAt" < $1::timestamptz - interval '8 days')))
     LIMIT ${batchSize}))`;

const statements: readonly string[] = [
  `${oldHours}
  DELETE FROM "CallerHour" WHERE ctid = ANY(ARRAY(
    SELECT h.ctid FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
      JOIN "Account" a ON a."id" = c."accountId"
     WHERE h."hour" < (SELECT "at" FROM bound)
       AND h."hour" < $1::timestamptz - make_interval(days => a."trafficDays") LIMIT ${batchSize}))`,
  `${oldHours}
  DELETE FROM "TrafficHour" WHERE ctid = ANY(ARRAY(
    SELECT h.ctid FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
      JOIN "Account" a ON a."id" = i."accountId"
     WHERE h."hour" < (SELECT "at" FROM bound)
       AND h."hour" < $1::timestamptz - make_interval(days => a."trafficDays") LIMIT ${batchSize}))`,
  `DELETE FROM "CallerEndpoint" WHERE ctid = ANY(ARRAY(
    SELECT e.ctid FROM "CallerEndpoint" e JOIN "Caller" c ON c."id" = e."callerId"
      JOIN "Account" a ON a."id" = c."accountId"
     WHERE e."lastAt" < $1::timestamptz - make_interval(days => a."trafficDays") LIMIT ${batchSize}))`,
  // Whoever the armed token waits for may call seldom: once forgotten, nothing would keep it from being rejected.
  `DELETE FROM "Caller" WHERE ctid = ANY(ARRAY(
    SELECT c.ctid FROM "Caller" c JOIN "Account" a ON a."id" = c."accountId"
     WHERE c."lastSeenAt" < $1::timestamptz - make_interval(days => a."trafficDays")
       AND (a."armedAt" IS NULL OR c."lastSeenAt" < a."armedAt" - make_interval(days => a."trafficDays")
         OR c."firstSeenAt" > a."armedAt" + interval '${settleMs} milliseconds'
         OR c."leftOutAt" IS NOT NULL OR c."dismissedAt" >= c."lastSeenAt") LIMIT ${batchSize}))`,
  makeRoom,
  `DELETE FROM "SentAlert" WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM "SentAlert" WHERE "at" < $1::timestamptz - interval '${sentAlertDays} days' LIMIT ${batchSize}))`,
];

/** Any fixed number that nothing else in the database locks. */
const lockKey = 7_315_002;

/**
 * Forgets callers and traffic older than their account's retention, but for callers that an armed token waits for, and alerts that went out long ago; makes room where
 * callers are at their limit. Of several gates that try at once, one does the work and the others return at once.
 *
 * @returns the number of rows deleted
 */
export async function forgetOldTraffic(now = new Date()): Promise<number> {
  const client = await pool().connect();
  try {
    const { rows } = await client.query<{ ours: boolean }>("SELECT pg_try_advisory_lock($1) AS ours", [
      lockKey,
    ]);
    if (!rows[0]?.ours) return 0;
    try {
      let deleted = 0;
      for (const statement of statements) {
        for (let count = batchSize; count === batchSize; deleted += count) {
          count = (await client.query(statement, [now])).rowCount ?? 0;
        }
      }
      return deleted;
    } finally {
      await client.query("SELECT pg_advisory_unlock($1)", [lockKey]);
    }
  } finally {
    client.release();
  }
}
