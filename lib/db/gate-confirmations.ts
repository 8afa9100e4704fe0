import pg from "pg";
import { config } from "@/lib/config";
import { ConfigError, settingProblem } from "@/lib/config/values";
import type { GateProcess, GateReports } from "@/lib/domain/confirmation";
import { queryPrepared } from "./pool";

/** Tells open pages that gates reported: account ids joined with commas, or `everyAccount`. */
export const confirmationChannel = "latchkey_confirmation";
export const everyAccount = "*";

/** Who reports: one process of a gate. */
export interface GateNodeIdentity {
  readonly id: string;
  /** The same for all processes behind one port. */
  readonly gateId: string;
  readonly host: string;
  readonly pid: number;
  /** Process id of the gate's first process, by which people know it. */
  readonly leadPid: number;
  readonly stalenessMs: number;
}

/** An epoch that a gate has applied, and how long ago in milliseconds. */
export interface AppliedEpoch {
  readonly accountId: string;
  readonly epoch: bigint;
  readonly ageMs: number;
}

/** How a process of a gate reports. Everything rejects when the database does not take it in time. */
export interface ConfirmationStore {
  write(applied: readonly AppliedEpoch[]): Promise<void>;
  /**
   * Says that the process lives.
   *
   * @param snapshot PostgreSQL's snapshot when it last caught up: all that was committed in it is applied
   * @param clockAheadMs how far its clock is ahead of the database's; null when they agree
   */
  beat(snapshot: string | null, clockAheadMs?: number | null): Promise<void>;
  /** Forgets what is old, of all gates, and writes down whose time is over; a bounded amount at a time. */
  sweep(): Promise<void>;
  /** Says that the process serves no more. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const accountsPerNotice = 200;
/** Confirmations are read for a day. */
const keepConfirmations = "25 hours";
const mostSwept = 5000;

const writeStatement = `
WITH applied AS MATERIALIZED (
  SELECT a.*, row_number() OVER () / ${accountsPerNotice} AS "page"
    FROM unnest($2::uuid[], $3::bigint[], $4::float8[]) AS a("accountId", "epoch", "ageMs")
), written AS (
  INSERT INTO "GateConfirmation" AS old ("accountId", "nodeId", "epoch", "appliedAt")
  SELECT "accountId", $1, "epoch", clock_timestamp() - make_interval(secs => "ageMs" / 1000) FROM applied
  ON CONFLICT ("accountId", "nodeId") DO UPDATE SET "epoch" = EXCLUDED."epoch", "appliedAt" = EXCLUDED."appliedAt"
   WHERE old."epoch" < EXCLUDED."epoch"
)
SELECT pg_notify('${confirmationChannel}', string_agg("accountId"::text, ',')) FROM applied GROUP BY "page"`;

const beatStatement = `
WITH known AS (SELECT 1 FROM "GateNode" WHERE "id" = $1), written AS (
  INSERT INTO "GateNode" ("id", "gateId", "host", "pid", "leadPid", "stalenessMs", "snapshot", "clockAheadMs",
    "startedAt", "lastSeenAt")
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp(), clock_timestamp())
  ON CONFLICT ("id") DO UPDATE SET "snapshot" = EXCLUDED."snapshot", "clockAheadMs" = EXCLUDED."clockAheadMs",
    "lastSeenAt" = EXCLUDED."lastSeenAt"
)
SELECT pg_notify('${confirmationChannel}', '${everyAccount}') WHERE NOT EXISTS (SELECT 1 FROM known)`;

const leaveStatement = `
WITH gone AS (DELETE FROM "GateNode" WHERE "gateId" = $1 AND "pid" = $2 RETURNING 1)
SELECT pg_notify('${confirmationChannel}', '${everyAccount}') FROM gone LIMIT 1`;

const sweepStatements = [
  // A token whose time is over is so for good, also when the database's own clock is set back.
  `UPDATE "ClientToken" SET "state" = 'retired' WHERE "id" IN (
     SELECT "id" FROM "ClientToken" WHERE "state" = 'retiring' AND "retireAt" <= now()
      LIMIT ${mostSwept} FOR UPDATE SKIP LOCKED)`,
  `DELETE FROM "GateNode" WHERE "id" IN (
     SELECT "id" FROM "GateNode"
      WHERE "lastSeenAt" < clock_timestamp() - make_interval(secs => "stalenessMs" / 1000.0 + 60)
      LIMIT ${mostSwept} FOR UPDATE SKIP LOCKED)`,
  `DELETE FROM "GateConfirmation" WHERE ("accountId", "nodeId") IN (
     SELECT "accountId", "nodeId" FROM "GateConfirmation"
      WHERE "appliedAt" < clock_timestamp() - interval '${keepConfirmations}'
      LIMIT ${mostSwept} FOR UPDATE SKIP LOCKED)`,
];

const mostAheadMs = 2 ** 31 - 1;

/** As the column holds it; a clock that is further off than 24 days is off all the same. */
function wholeMs(ms: number): number {
  return Math.max(-mostAheadMs, Math.min(mostAheadMs, Math.round(ms)));
}

/** Opens the way on which one process reports. Connects on first use. */
export function openConfirmationStore(node: GateNodeIdentity): ConfirmationStore {
  const { id, gateId, host, pid, leadPid, stalenessMs } = node;
  const pool = createConfirmationPool();
  return {
    async write(applied) {
      await pool.query(writeStatement, [
        id,
        applied.map(({ accountId }) => accountId),
        applied.map(({ epoch }) => epoch),
        applied.map(({ ageMs }) => ageMs),
      ]);
    },
    async beat(snapshot, clockAheadMs = null) {
      const ahead = clockAheadMs === null ? null : wholeMs(clockAheadMs);
      const identity = [id, gateId, host, pid, leadPid, Math.ceil(stalenessMs)];
      await pool.query(beatStatement, [...identity, snapshot, ahead]);
    },
    async sweep() {
      for (const statement of sweepStatements) await pool.query(statement);
    },
    async leave() {
      await pool.query(leaveStatement, [gateId, pid]);
    },
    close: () => pool.end(),
  };
}

/** Says for a process of a gate that has died that it serves no more. Rejects when the database does not take it. */
export async function reportDeath(gateId: string, pid: number): Promise<void> {
  const pool = createConfirmationPool();
  try {
    await pool.query(leaveStatement, [gateId, pid]);
  } finally {
    await pool.end();
  }
}

interface Row extends GateProcess {
  changedAt: Date | null;
  now: Date;
}

// One statement is one snapshot: a confirmation is never compared with an epoch of another moment.
const statement = `
  SELECT a."epochAt" AS "changedAt", clock_timestamp() AS "now", n."gateId", n."host", n."leadPid" AS "pid",
         n."lastSeenAt", n."stalenessMs", n."clockAheadMs",
         coalesce(pg_visible_in_snapshot(a."epochXid"::text::xid8, n."snapshot"::pg_snapshot), false) AS "caughtUp",
         CASE WHEN r."epoch" >= a."epoch" THEN r."appliedAt" END AS "appliedAt"
    FROM "Account" a
    LEFT JOIN "GateNode" n ON true
    LEFT JOIN "GateConfirmation" r ON r."accountId" = a."id" AND r."nodeId" = n."id"
   WHERE a."id" = $1
   ORDER BY n."startedAt", n."id"`;

/** What all gates have reported of an account's newest change; null when no change is on record. */
export async function readGateReports(accountId: string): Promise<GateReports | null> {
  const rows = await queryPrepared<Row>("gate-reports", statement, [accountId]);
  const [first] = rows;
  if (!first?.changedAt) return null;
  const processes = rows.filter(({ gateId }) => gateId !== null);
  return { changedAt: first.changedAt, now: first.now, processes };
}

/** A database that takes longer is asked again later. */
const answerWithinMs = 5000;

/**
 * One connection for reports of gates, made when it is needed. It is not the pool's, so that requests never
 * wait for a report, and not the one that listens, so that a slow report holds no announcement back.
 */
function createConfirmationPool(): pg.Pool {
  const { databaseUrl } = config();
  if (!databaseUrl) throw new ConfigError([settingProblem("DATABASE_URL", "notSet")]);
  const created = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
    statement_timeout: answerWithinMs,
    lock_timeout: answerWithinMs,
    idle_in_transaction_session_timeout: answerWithinMs,
    keepAlive: true,
    application_name: "latchkey-confirmations",
    // What a crash of the database may lose, gates report anew: they connect again.
    onConnect: (client) => client.query("SET synchronous_commit = off"),
  });
  created.on("error", () => {});
  created.on("connect", (client) => client.on("error", () => {}));
  return created;
}
