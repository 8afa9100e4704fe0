import { mixingMs, type WatchedFacts, watchMs } from "@/lib/domain/after-activation";
import type { CallerLabel } from "@/lib/domain/caller-view";
import type { CallerFacts } from "@/lib/domain/preflight";
import { liveTokens } from "@/lib/domain/preflight-evidence";
import { type RejectedLabel, tokenRejections } from "@/lib/domain/rejection";
import { type HeardHours, mostHours, type Rhythm, rhythmDays, rhythmOf } from "@/lib/domain/rhythm";
import { hourMs } from "@/lib/domain/traffic";
import { queryPrepared } from "./pool";
import { readTogether } from "./read-together";
import type { Transaction } from "./transaction";

/** What is read of every caller of an account. */
export interface CallerRow extends CallerLabel, CallerFacts {
  readonly id: string;
  readonly instanceName: string;
  readonly instanceEnforced: boolean;
  /** Whether it still gets in without the token while known callers only do; of the others, whether one of them may. */
  readonly inGrace: boolean;
}

/** The rest of a caller, read only for those that are shown. */
export interface CallerDetails {
  readonly id: string;
  readonly userAgent: string;
  readonly lastMethod: string;
  readonly lastPath: string;
  /** Requests by hour, in milliseconds: with a live token, and without. */
  readonly hours: readonly (readonly [hour: number, live: number, other: number])[];
}

/** SQL that follows a token as it was seen: it was live. */
export const isLive = `IN (${liveTokens.map((token) => `'${token}'`).join(", ")})`;
const isNotLive = `NOT ${isLive}`;

const rows = (where = "") => `
  SELECT c."id", c."instanceId", i."name" AS "instanceName", i."enforced" AS "instanceEnforced", c."others",
         c."name", c."address", c."agent", c."firstSeenAt", c."lastSeenAt", c."lastToken", c."liveAt",
         c."notLiveAt", c."relapsedAt", c."relapsedFrom", c."dismissedAt", c."leftOutAt",
         CASE WHEN c."others" THEN EXISTS (
             SELECT 1 FROM "KnownCaller" k WHERE k."instanceId" = c."instanceId" AND k."endedAt" IS NULL
                AND NOT EXISTS (SELECT 1 FROM "Caller" own WHERE own."id" = k."id"))
           ELSE EXISTS (SELECT 1 FROM "KnownCaller" k WHERE k."id" = c."id" AND k."endedAt" IS NULL)
         END AS "inGrace"
    FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
   WHERE c."accountId" = $1::uuid AND i."accountId" = $1::uuid ${where}
   ORDER BY c."lastSeenAt" DESC, c."id"`;
const allRows = rows();
const rowsOfInstances = rows(`AND c."instanceId" = ANY($2::text[])`);

// Hours are looked up by their key, a caller at a time: joined, thousands of callers that no statistics of the planner know
// of yet were compared each with each, for ten seconds.
const sums = `
  SELECT asked."id", s.requests FROM unnest($1::uuid[]) AS asked("id") CROSS JOIN LATERAL (
    SELECT coalesce(sum(h."requests"), 0)::float8 AS requests FROM "CallerHour" h
     WHERE h."callerId" = asked."id" AND h."hour" >= $2::timestamptz AND h."token" <> 'none') s`;

/** A sum that was read, and what it is of: another call or another hour makes it another one. */
interface Sum {
  readonly since: number;
  readonly lastSeenAt: number;
  readonly readAt: number;
  readonly requests: number;
}

/** Sums of all accounts, some 150 bytes each. */
const known = new Map<string, Sum>();
const mostKnown = 20_000;

/** Sums that one reading renews, the oldest first: where thousands call all the time, a share of them may be seconds old. */
const mostAgain = 500;

/** A gate that writes late can add to a sum without a newer call: it is wrong for so long at most. */
const sumsLastMs = 60_000;

/**
 * Requests since then of each of these callers, as far as their token was looked at. Of thousands that call in every hour the
 * sums take several times what the callers themselves do, so those of callers that have not called since are kept for a minute.
 */
export async function readRequests(
  callers: readonly Pick<CallerRow, "id" | "lastSeenAt">[],
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const now = Date.now();
  const isKnown = ({ id, lastSeenAt }: (typeof callers)[number]) => {
    const sum = known.get(id);
    return (
      sum?.since === since.getTime() &&
      sum.lastSeenAt === lastSeenAt.getTime() &&
      now - sum.readAt < sumsLastMs
    );
  };
  const unknown = callers.filter(({ id }) => known.get(id)?.since !== since.getTime());
  const stale = callers.filter((each) => known.get(each.id)?.since === since.getTime() && !isKnown(each));
  const age = ({ id }: (typeof callers)[number]) => known.get(id)?.readAt ?? 0;
  stale.sort((one, other) => age(one) - age(other));
  const asked = [...unknown, ...stale.slice(0, mostAgain)].map(({ id }) => id);
  const read =
    asked.length === 0
      ? []
      : await queryPrepared<{ id: string; requests: number }>("caller-sums", sums, [asked, since]);
  const fresh = new Map(read.map(({ id, requests }) => [id, requests]));
  const found = new Map<string, number>();
  for (const { id, lastSeenAt } of callers) {
    const requests = fresh.get(id);
    if (requests !== undefined) {
      known.delete(id);
      known.set(id, { since: since.getTime(), lastSeenAt: lastSeenAt.getTime(), readAt: now, requests });
    }
    found.set(id, known.get(id)?.requests ?? 0);
  }
  for (const id of known.keys()) {
    if (known.size <= mostKnown) break;
    known.delete(id);
  }
  return found;
}

const readShared = readTogether((accountId) => queryPrepared<CallerRow>("callers", allRows, [accountId]));

/**
 * The callers of an account, those heard last first; bounded by the limits of callers.
 *
 * @param tx where to read; null: on any connection, for all of them together with whoever asks at the same time
 * @param instanceIds whose callers; null: of all instances
 */
export function readCallers(
  accountId: string,
  tx: Transaction | null = null,
  instanceIds: readonly string[] | null = null,
): Promise<readonly CallerRow[]> {
  if (instanceIds === null) {
    return tx ? tx.$queryRawUnsafe<CallerRow[]>(allRows, accountId) : readShared(accountId);
  }
  return tx
    ? tx.$queryRawUnsafe<CallerRow[]>(rowsOfInstances, accountId, [...instanceIds])
    : queryPrepared<CallerRow>("callers-of", rowsOfInstances, [accountId, instanceIds]);
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
  tx: Transaction | null,
): Promise<ReadonlyMap<string, boolean>> {
  const values = [accountId, rotatedAt, now];
  type Row = { callerId: string; newBefore: boolean };
  const rows = tx
    ? await tx.$queryRawUnsafe<Row[]>(mixing, ...values)
    : await queryPrepared<Row>("old-token-hours", mixing, values);
  return new Map(rows.map(({ callerId, newBefore }) => [callerId, newBefore]));
}

const details = `
  SELECT c."id", c."userAgent", c."lastMethod", c."lastPath", (
           SELECT coalesce(json_agg(json_build_array(extract(epoch FROM h."hour") * 1000, h.live, h.other)), '[]')
             FROM (SELECT "hour", coalesce(sum("requests") FILTER (WHERE "token" ${isLive}), 0) AS live,
                          coalesce(sum("requests") FILTER (WHERE "token" ${isNotLive}), 0) AS other
                     FROM "CallerHour" WHERE "callerId" = c."id" AND "hour" >= $3 GROUP BY 1) h) AS "hours"
    FROM "Caller" c WHERE c."accountId" = $1 AND c."id" = ANY($2::uuid[])`;

/** The rest of some callers of an account, and their requests by hour since then. */
export async function readCallerDetails(
  accountId: string,
  ids: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, CallerDetails>> {
  if (ids.length === 0) return new Map();
  const rows = await queryPrepared<CallerDetails>("caller-details", details, [accountId, ids, since]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The newest hours of each caller only: one that calls around the clock has hundreds. */
const rhythms = `
  SELECT c."id", coalesce(array_agg(h."hour") FILTER (WHERE h."hour" IS NOT NULL), '{}') AS hours,
         coalesce(array_agg(h."requests") FILTER (WHERE h."hour" IS NOT NULL), '{}') AS requests
    FROM "Caller" c LEFT JOIN LATERAL (
      SELECT extract(epoch FROM n."hour")::int / 3600 AS "hour", least(sum(n."requests"), 1000000)::int AS "requests"
        FROM "CallerHour" n
       WHERE n."callerId" = c."id" AND n."hour" > c."lastSeenAt" - interval '${rhythmDays} days'
       GROUP BY n."hour" ORDER BY n."hour" DESC LIMIT ${mostHours}) h ON true
   WHERE c."accountId" = $1 AND c."id" = ANY($2::uuid[])
   GROUP BY 1`;

interface RhythmRow extends HeardHours {
  readonly id: string;
}

/** Rhythms by caller, of hours that are counted since 1970. */
export function rhythmsOf(rows: readonly RhythmRow[]): ReadonlyMap<string, Rhythm> {
  return new Map(
    rows.map(({ id, hours, requests }) => [
      id,
      rhythmOf({ hours: hours.map((hour) => hour * hourMs), requests }),
    ]),
  );
}

/** The rhythms of some callers of an account, as far as their hours are kept; of one without any it is not known. */
export async function readRhythms(
  accountId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Rhythm>> {
  if (ids.length === 0) return new Map();
  return rhythmsOf(await queryPrepared("rhythms", rhythms, [accountId, ids]));
}

/** A caller that may have stopped working. */
export interface StoppedRow extends RejectedLabel, Omit<WatchedFacts, "enforced"> {
  readonly instanceEnforced: boolean;
  readonly rejectedAt: Date;
  /** Whether it got in without the token as a known caller, and needs it now. */
  readonly graceEnded: boolean;
}

/**
 * Hours are looked at only of the few whose latest request does not say it: those that mix, and others. While known
 * callers only get in without the token, those that did until now count; strangers never worked.
 */
const statement = `
  SELECT c."id", c."instanceId", i."name" AS "instanceName", i."enforced" AS "instanceEnforced", c."others",
         c."name", c."address", c."agent", c."userAgent", c."acceptedAt", c."rejectedAt", c."lastSeenAt",
         c."lastOutcome", c."relapsedAt", c."relapsedFrom", c."dismissedAt", r."outcome" AS "recent",
         k."id" IS NOT NULL AS "graceEnded"
    FROM "Caller" c JOIN "Instance" i ON i."id" = c."instanceId"
    LEFT JOIN "KnownCaller" k ON k."id" = c."id" AND k."endedAt" IS NOT NULL
    LEFT JOIN LATERAL (
      SELECT h."outcome" FROM "CallerHour" h
       WHERE h."callerId" = c."id" AND h."hour" > $2 AND h."outcome" = ANY($4)
       ORDER BY h."hour" DESC, h."requests" DESC LIMIT 1) r ON c."lastOutcome" <> ALL($4)
   WHERE c."accountId" = $1 AND i."accountId" = $1 AND c."acceptedAt" IS NOT NULL AND c."rejectedAt" > $2
     AND ($5 OR i."enforced" OR k."id" IS NOT NULL) AND c."leftOutAt" IS NULL
     AND (c."dismissedAt" IS NULL OR c."lastSeenAt" > c."dismissedAt")
     AND (c."lastOutcome" = ANY($4) OR c."others" OR c."rejectedAt" > $3)
   ORDER BY c."others", c."rejectedAt" DESC, c."id" LIMIT $6`;

/**
 * Callers of an account that were let in once and were rejected within a day where the token is enforced:
 * those that may have stopped working, rejected last first, others at the end.
 *
 * @param everywhere whether the token is enforced on all instances, not only on chosen ones
 * @param tx where to read; null: on any connection
 */
export async function readStoppedCallers(
  accountId: string,
  everywhere: boolean,
  now: Date,
  most: number,
  tx: Transaction | null = null,
): Promise<readonly StoppedRow[]> {
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const values = [accountId, ago(watchMs), ago(mixingMs), tokenRejections, everywhere, most];
  return tx
    ? tx.$queryRawUnsafe<StoppedRow[]>(statement, ...values)
    : queryPrepared<StoppedRow>("stopped-callers", statement, values);
}
