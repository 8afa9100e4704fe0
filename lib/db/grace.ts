import {
  type GraceFacts,
  type KnownCallerView,
  knownFromRequests,
  type TokenMoments,
} from "@/lib/domain/grace";
import { mostHours, type Rhythm, rhythmDays } from "@/lib/domain/rhythm";
import { isLive, rhythmsOf } from "./callers";
import { rowsOf, type Transaction } from "./transaction";

/** A caller with what it was let in with. Outside a change `accepted` is exact, in one it may be less beyond the limit. */
export interface GraceRow extends GraceFacts {
  readonly id: string;
  readonly name: string | null;
  /** Requests since then that were let in, and of them those without a live token. */
  readonly lately: number;
  readonly withoutToken: number;
}

const columns = `c."id", c."instanceId", c."others", c."name", c."address", c."agent", c."firstSeenAt", c."lastSeenAt",
         c."dismissedAt", c."leftOutAt"`;

const whole = `
  SELECT ${columns}, h.* FROM "Caller" c CROSS JOIN LATERAL (
           SELECT coalesce(sum("requests"), 0)::float8 AS "accepted",
                  coalesce(sum("requests") FILTER (WHERE "hour" >= $2::timestamptz), 0)::float8 AS "lately",
                  coalesce(sum("requests") FILTER (WHERE "hour" >= $2::timestamptz AND NOT "token" ${isLive}), 0)::float8
                    AS "withoutToken"
             FROM "CallerHour" WHERE "callerId" = c."id" AND "outcome" = 'accepted') h
   WHERE c."accountId" = $1::uuid`;

/** Each row has a request, so as many of them as make a caller known are enough. */
const enough = `
  SELECT ${columns}, 0::float8 AS "lately", 0::float8 AS "withoutToken", (
           SELECT coalesce(sum(h."requests"), 0)::float8
             FROM (SELECT "requests" FROM "CallerHour"
                    WHERE "callerId" = c."id" AND "outcome" = 'accepted' AND "requests" > 0
                    LIMIT ${knownFromRequests}) h) AS "accepted"
    FROM "Caller" c WHERE c."accountId" = $1::uuid`;

/** Every caller of an account with all it was let in with, as far as that is remembered. */
export function readGraceRows(accountId: string, weekAgo: Date): Promise<readonly GraceRow[]> {
  return rowsOf<GraceRow>(null, whole, [accountId, weekAgo]);
}

/** The same under the account's lock, as far as it takes to say who is known: quick, however much is remembered. */
export function readGraceRowsIn(tx: Transaction, accountId: string): Promise<readonly GraceRow[]> {
  return rowsOf<GraceRow>(tx, enough, [accountId]);
}

/** Makes the account's known callers anew; what it knew before is forgotten. */
export async function writeKnownCallers(
  tx: Transaction,
  accountId: string,
  ids: readonly string[],
): Promise<void> {
  await tx.knownCaller.deleteMany({ where: { accountId } });
  await tx.$executeRaw`
    INSERT INTO "KnownCaller" ("id", "accountId", "instanceId", "address", "agent")
    SELECT "id", "accountId", "instanceId", "address", "agent" FROM "Caller"
     WHERE "accountId" = ${accountId}::uuid AND "id" = ANY(${ids}::uuid[]) AND "address" IS NOT NULL`;
}

/** A known caller that still gets in without the token, and what was seen of it. */
export interface KnownProgress extends TokenMoments {
  readonly id: string;
  readonly instanceId: string;
  readonly name: string | null;
  readonly address: string;
  readonly agent: string;
  readonly liveSince: Date | null;
}

const progress = `
  SELECT k."id", k."instanceId", c."name", k."address", k."agent", k."liveSince", c."liveAt", c."notLiveAt"
    FROM "KnownCaller" k LEFT JOIN "Caller" c ON c."id" = k."id"
   WHERE k."accountId" = $1::uuid AND k."endedAt" IS NULL ORDER BY k."id"`;

/** The account's known callers that still get in without the token. */
export function readKnownProgress(
  accountId: string,
  tx: Transaction | null = null,
): Promise<readonly KnownProgress[]> {
  return rowsOf<KnownProgress>(tx, progress, [accountId]);
}

/** Notes since when each of these sends the token. */
export async function writeLiveSince(
  tx: Transaction,
  accountId: string,
  changed: readonly { readonly id: string; readonly since: Date | null }[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE "KnownCaller" k SET "liveSince" = s."since"
      FROM unnest(${changed.map(({ id }) => id)}::uuid[], ${changed.map(({ since }) => since)}::timestamptz[])
           AS s("id", "since")
     WHERE k."accountId" = ${accountId}::uuid AND k."id" = s."id"`;
}

/** Hours of what came without a live token; of everything of those that sent nothing else. The newest of each. */
const rhythms = `
  SELECT c."id", coalesce(w.hours, a.hours, '{}') AS hours, coalesce(w.requests, a.requests, '{}') AS requests
    FROM "Caller" c
    CROSS JOIN LATERAL (${hoursOf(`AND h."token" <> 'none' AND NOT h."token" ${isLive}`)}) w
    LEFT JOIN LATERAL (${hoursOf("")}) a ON w.hours IS NULL
   WHERE c."accountId" = $1::uuid AND c."id" = ANY($2::uuid[])`;

function hoursOf(which: string): string {
  return `SELECT array_agg("hour") AS hours, array_agg("requests") AS requests FROM (
            SELECT extract(epoch FROM h."hour")::int / 3600 AS "hour",
                   least(sum(h."requests"), 1000000)::int AS "requests"
              FROM "CallerHour" h
             WHERE h."callerId" = c."id" AND h."hour" > c."lastSeenAt" - interval '${rhythmDays} days' ${which}
             GROUP BY h."hour" ORDER BY h."hour" DESC LIMIT ${mostHours}) n`;
}

/** The rhythms in which some callers of an account came without a live token; in which they came at all if none did. */
export async function readTokenlessRhythms(
  accountId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Rhythm>> {
  if (ids.length === 0) return new Map();
  return rhythmsOf(await rowsOf(null, rhythms, [accountId, ids]));
}

/** A known caller as it is shown. */
interface KnownRow extends Omit<KnownCallerView, "sendsToken"> {
  readonly lastToken: string | null;
  /** Of all rows. */
  readonly total: number;
  readonly open: number;
}

const known = `
  SELECT k."id", k."instanceId", i."name" AS "instanceName", c."name", k."address", k."agent", c."lastSeenAt",
         c."lastToken", k."endedAt", k."endedBy"::text, count(*) OVER ()::int AS "total",
         count(*) FILTER (WHERE k."endedAt" IS NULL) OVER ()::int AS "open"
    FROM "KnownCaller" k JOIN "Instance" i ON i."id" = k."instanceId" LEFT JOIN "Caller" c ON c."id" = k."id"
   WHERE k."accountId" = $1::uuid AND NOT i."enforced"
   ORDER BY k."endedAt" IS NOT NULL, c."lastToken" ${isLive}, c."lastSeenAt" DESC NULLS LAST, k."id" LIMIT $2`;

/** Known callers of an account where the token is not enforced, those that still get in and do not send it first. */
export function readKnownCallers(accountId: string, most: number): Promise<readonly KnownRow[]> {
  return rowsOf<KnownRow>(null, known, [accountId, most]);
}
