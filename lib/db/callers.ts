import { mixingMs, watchMs } from "@/lib/domain/after-activation";
import { liveTokens, type SeenToken } from "@/lib/domain/preflight-evidence";
import { tokenRejections } from "@/lib/domain/rejection";
import { hourMs } from "@/lib/domain/traffic";
import { pool } from "./pool";
import type { Transaction } from "./transaction";

/** What is read of every caller of an account. */
export interface CallerRow {
  readonly id: string;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly instanceEnforced: boolean;
  readonly others: boolean;
  readonly name: string | null;
  readonly address: string | null;
  readonly agent: string;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly lastToken: SeenToken;
  readonly liveAt: Date | null;
  readonly notLiveAt: Date | null;
  readonly relapsedAt: Date | null;
  readonly relapsedFrom: Date | null;
  readonly dismissedAt: Date | null;
}

/** The rest of a caller, read only for those that are shown. */
interface CallerDetails {
  readonly id: string;
  readonly userAgent: string;
  readonly lastMethod: string;
  readonly lastPath: string;
}

/** Requests of one caller in one hour that carried the same. */
export interface CallerHourRow {
  readonly callerId: string;
  readonly hour: Date;
  readonly live: number;
  readonly other: number;
}

const isLive = `IN (${liveTokens.map((token) => `'${token}'`).join(", ")})`;
const isNotLive = `NOT ${isLive}`;

const ofAccount = `
  SELECT c."id", c."instanceId", i."name" AS "instanceName", i."enforced" AS "instanceEnforced", c."others",
         c."name", c."address", c."agent", c."firstSeenAt", c."lastSeenAt",
         c."lastToken", c."liveAt", c."notLiveAt", c."relapsedAt", c."relapsedFrom", c."dismissedAt"
    FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
   WHERE c."accountId" = $1::uuid AND i."accountId" = $1::uuid
   ORDER BY c."lastSeenAt" DESC, c."id"`;

/** What a reading inside a transaction needs of it. */
type RawReader = Pick<Transaction, "$queryRawUnsafe">;

/** Runs a statement on the transaction's own connection, or without one on any. */
async function rowsOf<R extends object>(
  tx: RawReader | null,
  statement: string,
  values: readonly (string | Date)[],
): Promise<R[]> {
  if (tx) return tx.$queryRawUnsafe<R[]>(statement, ...values);
  return (await pool().query<R>(statement, [...values])).rows;
}

/**
 * Every caller of an account, those heard last first; bounded by the limits of callers.
 *
 * @param tx where to read; null: on any connection
 */
export function readCallers(accountId: string, tx: RawReader | null): Promise<readonly CallerRow[]> {
  return rowsOf<CallerRow>(tx, ofAccount, [accountId]);
}

/** Who came with the old token in this hour or the one before, and whether with the new one in an hour before that. */
const mixing = `
  SELECT o."callerId", EXISTS (
           SELECT 1 FROM "CallerHour" n
            WHERE n."callerId" = o."callerId" AND n."token" = 'current' AND n."hour" < o."hour"
              AND n."hour" > date_trunc('hour', $2::timestamptz, 'UTC')
              AND n."hour" >= $3::timestamptz - interval '24 hours') AS "newBefore"
    FROM (SELECT h."callerId", max(h."hour") AS "hour"
            FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
           WHERE c."accountId" = $1::uuid AND h."token" = 'retiring'
             AND h."hour" >= date_trunc('hour', GREATEST($2::timestamptz, $3::timestamptz - interval '1 hour'), 'UTC')
           GROUP BY 1) o`;

/**
 * The callers that came with the retiring token in this hour or the last since the rotation; true for those
 * that had come with the current one in an hour before.
 *
 * @param tx where to read; null: on any connection
 */
export async function readOldTokenHours(
  accountId: string,
  rotatedAt: Date,
  now: Date,
  tx: RawReader | null,
): Promise<ReadonlyMap<string, boolean>> {
  const values = [accountId, rotatedAt, now];
  const rows = await rowsOf<{ callerId: string; newBefore: boolean }>(tx, mixing, values);
  return new Map(rows.map(({ callerId, newBefore }) => [callerId, newBefore]));
}

const details = `
  SELECT "id", "userAgent", "lastMethod", "lastPath"
    FROM "Caller" WHERE "accountId" = $1 AND "id" = ANY($2::uuid[])`;

const hours = `
  SELECT h."callerId", h."hour",
         (coalesce(sum(h."requests") FILTER (WHERE h."token" ${isLive}), 0))::float8 AS live,
         (coalesce(sum(h."requests") FILTER (WHERE h."token" ${isNotLive}), 0))::float8 AS other
    FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
   WHERE c."accountId" = $1 AND h."callerId" = ANY($2::uuid[]) AND h."hour" >= $3
   GROUP BY 1, 2`;

/** The rest of some callers of an account, and their requests by hour since then. */
export async function readCallerDetails(accountId: string, ids: readonly string[], since: Date) {
  const [rest, counts] = await Promise.all([
    pool().query<CallerDetails>(details, [accountId, ids]),
    pool().query<CallerHourRow>(hours, [accountId, ids, since]),
  ]);
  return { details: new Map(rest.rows.map((row) => [row.id, row])), hours: counts.rows };
}

const requests = `
  SELECT h."callerId", sum(h."requests")::float8 AS requests
    FROM "CallerHour" h JOIN "Caller" c ON c."id" = h."callerId"
   WHERE c."accountId" = $1 AND h."hour" >= $2 AND h."token" <> 'none'
   GROUP BY 1`;

/** How many requests each caller of an account made since an hour, as far as their token was looked at. */
export async function readCallerRequests(
  accountId: string,
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool().query<{ callerId: string; requests: number }>(requests, [accountId, since]);
  return new Map(rows.map(({ callerId, requests }) => [callerId, requests]));
}

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
 * Callers of an account that were let in once and were rejected within a day where the token is enforced:
 * those that may have stopped working, rejected last first, others at the end.
 *
 * @param everywhere whether the token is enforced on all instances, not only on chosen ones
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
  SELECT count(*) FILTER (WHERE NOT "others")::int AS callers, coalesce(bool_or("others"), false) AS others
    FROM "Caller"
   WHERE "accountId" = $1 AND "rejectedAt" > $2 AND ("dismissedAt" IS NULL OR "lastSeenAt" > "dismissedAt")`;

/** How many callers of an account were rejected within the last hour, and whether other callers were too. */
export async function countRejectedLately(accountId: string, now: Date) {
  const since = new Date(now.getTime() - hourMs);
  const { rows } = await pool().query<{ callers: number; others: boolean }>(lately, [accountId, since]);
  return rows[0] ?? { callers: 0, others: false };
}
