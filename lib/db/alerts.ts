import { mixingMs, watchMs } from "@/lib/domain/after-activation";
import {
  type AlertKind,
  type EndKind,
  endNoticeHours,
  type SentAlerts,
  stoppedLimits,
} from "@/lib/domain/alert";
import { tokenRejections } from "@/lib/domain/rejection";
import { settleMs } from "@/lib/domain/rotation";
import { queryPrepared } from "./pool";
import type { Transaction } from "./transaction";

const ms = (length: number) => `interval '${length} milliseconds'`;
const isHere = (caller: string) =>
  `(${caller}."dismissedAt" IS NULL OR ${caller}."lastSeenAt" > ${caller}."dismissedAt")`;

/** Alerts of a kind that went out for an account and a subject, further conditions to follow. */
const sent = (kind: AlertKind, account: string, subject: string) =>
  `SELECT 1 FROM "SentAlert" s WHERE s."accountId" = ${account} AND s."kind" = '${kind}' AND s."subject" = ${subject}`;

/** As `endSubject` writes it. */
const endSubject = (until: string) => `to_char(${until} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** As `isEndNear` has it. */
const isEndNear = (kind: EndKind, since: string, until: string) => `
  ${until} > $1 AND ${until} - least(interval '${endNoticeHours[kind]} hours', (${until} - ${since}) / 4) <= $1
  AND NOT EXISTS (${sent(kind, `a."id"`, endSubject(until))})`;

// Each part begins with what is rare: hours in which somebody was rejected, accounts in grace, tokens that retire. Callers
// are looked up by their instance only there: a LIMIT keeps the planner from reading all callers of all accounts.
const stopped = `
  WITH rejecting AS MATERIALIZED (
    SELECT DISTINCT i."id", i."accountId", i."enforced"
      FROM "TrafficHour" h JOIN "Instance" i ON i."id" = h."instanceId"
     WHERE h."hour" >= date_trunc('hour', $1::timestamptz - ${ms(watchMs)}, 'UTC')
       AND h."outcome" <> 'accepted' AND h."outcome" = ANY($2))
  SELECT a."id"
    FROM rejecting i JOIN "Account" a ON a."id" = i."accountId"
    CROSS JOIN LATERAL (
      SELECT 1 FROM "Caller" c
       WHERE c."instanceId" = i."id" AND NOT c."others" AND c."acceptedAt" IS NOT NULL
         AND c."rejectedAt" > $1::timestamptz - ${ms(watchMs)} AND ${isHere("c")}
         AND (c."lastOutcome" = ANY($2)
           OR (c."relapsedAt" > $1::timestamptz - ${ms(mixingMs)} AND c."rejectedAt" > $1::timestamptz - ${ms(mixingMs)}))
         AND NOT EXISTS (${sent("caller_stopped", `a."id"`, `c."id"::text`)}
                           AND (s."at" >= c."acceptedAt" OR s."at" > $1::timestamptz - ${ms(stoppedLimits.callerMs)}))
       LIMIT 1) untold
   WHERE (a."enforcement" IN ('grace', 'on') OR (a."enforcement" = 'staged' AND i."enforced"))
     AND NOT EXISTS (${sent("caller_stopped", `a."id"`, `a."id"::text`)}
                       AND s."at" > $1::timestamptz - ${ms(stoppedLimits.accountMs)})`;

const stillOnGrace = `
  FROM "KnownCaller" k JOIN "Caller" c ON c."id" = k."id" JOIN "Instance" i ON i."id" = c."instanceId"
 WHERE k."endedAt" IS NULL AND NOT i."enforced" AND ${isHere("c")}`;

const graceEnds = `
  SELECT a."id" FROM "Account" a
   WHERE a."enforcement" = 'grace' AND ${isEndNear("grace_ends", `a."graceSince"`, `a."graceUntil"`)}
     AND EXISTS (SELECT 1 ${stillOnGrace} AND k."accountId" = a."id")`;

/** Whoever may send the old token; `sendsOldToken` decides. */
const overlapEnds = `
  SELECT a."id"
    FROM "ClientToken" r JOIN "Account" a ON a."id" = r."accountId"
    JOIN "ClientToken" n ON n."accountId" = a."id" AND n."state" = 'current'
   WHERE r."state" = 'retiring' AND a."enforcement" <> 'off'
     AND ${isEndNear("overlap_ends", `n."createdAt"`, `r."retireAt"`)}
     AND EXISTS (
       SELECT 1 FROM "Caller" c
        WHERE c."accountId" = a."id" AND ${isHere("c")}
          AND (c."lastToken" IN ('retiring', 'live') OR c."liveAt" <= n."createdAt" + ${ms(settleMs)} OR EXISTS (
            SELECT 1 FROM "CallerHour" h
             WHERE h."callerId" = c."id" AND h."token" = 'retiring'
               AND h."hour" >= date_trunc('hour', $1::timestamptz - interval '1 hour', 'UTC'))))`;

const alertsStatement = [stopped, graceEnds, overlapEnds].map((part) => `(${part})`).join(" UNION ");

/** The accounts that something may have to be told of now, in one statement whatever their number. */
export async function readAccountsToAlert(now: Date): Promise<readonly string[]> {
  const rows = await queryPrepared<{ id: string }>("accounts-to-alert", alertsStatement, [
    now,
    tokenRejections,
  ]);
  return rows.map(({ id }) => id);
}

/** Someone who gets in without the token while only known callers do. */
interface OpenKnownCaller {
  readonly name: string | null;
  readonly agent: string;
  readonly address: string;
  readonly instanceName: string;
  /** How many there are in all. */
  readonly total: number;
}

/** Known callers of an account that do not need the token yet and were not called gone, those heard last first. */
export function readOpenKnownCallers(
  tx: Transaction,
  accountId: string,
  most: number,
): Promise<readonly OpenKnownCaller[]> {
  const columns = `c."name", k."agent", k."address", i."name" AS "instanceName", (count(*) OVER ())::int AS "total"`;
  const text = `SELECT ${columns} ${stillOnGrace} AND k."accountId" = $1::uuid
    ORDER BY c."lastSeenAt" DESC, k."id" LIMIT $2`;
  return tx.$queryRawUnsafe<OpenKnownCaller[]>(text, accountId, most);
}

/** When the alerts of one kind went out last, by what they were about. */
export async function readSentAlerts(
  tx: Transaction,
  accountId: string,
  kind: AlertKind,
): Promise<SentAlerts> {
  const rows = await tx.sentAlert.findMany({
    where: { accountId, kind },
    select: { subject: true, at: true },
  });
  return new Map(rows.map(({ subject, at }) => [subject, at]));
}

/** Writes down that an alert went out about all of these. */
export async function recordSentAlerts(
  tx: Transaction,
  accountId: string,
  kind: AlertKind,
  subjects: readonly string[],
  at: Date,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "SentAlert" ("accountId", "kind", "subject", "at")
    SELECT ${accountId}::uuid, ${kind}, unnest(${subjects}::text[]), ${at}::timestamptz
    ON CONFLICT ("accountId", "kind", "subject") DO UPDATE SET "at" = EXCLUDED."at"`;
}
