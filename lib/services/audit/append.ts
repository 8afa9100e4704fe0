import type { Logger } from "pino";
import { config } from "@/lib/config";
import { afterCommit, type Transaction } from "@/lib/db/transaction";
import {
  type ChainedEvent,
  type HashedEvent,
  hashOf,
  lineOf,
  storableDetails,
  storableText,
} from "@/lib/domain/audit-chain";
import type { AuditAction, AuditDetails, AuditTargetType } from "@/lib/domain/audit-event";
import { createAuditLog } from "@/lib/log/logger";

let logger: Logger | undefined;

/** Not bound to `LOG_LEVEL`: what is recorded is no matter of how much one wants to read. */
function log(): Logger {
  logger ??= createAuditLog(config().auditLog === "on" ? "info" : "silent");
  return logger;
}

/**
 * Writes a committed event to standard output, as one line with the event in `event`: all that is chained and
 * its hash, its members in the order of an export's line, so that a copy that was collected elsewhere can be
 * checked by itself and against the database.
 */
function printEvent(event: HashedEvent): void {
  log().info({ event: JSON.parse(lineOf(event)) }, "recorded");
}

/** What happened, and to what. `details` never holds a secret. */
export interface AuditRecord {
  readonly action: AuditAction;
  readonly targetType?: AuditTargetType;
  readonly targetId?: string | undefined;
  /** The target's name at this time. */
  readonly targetLabel?: string | undefined;
  readonly details?: AuditDetails | undefined;
}

/** A record with who did it, where, and from where. */
interface AuditInput extends AuditRecord {
  readonly accountId: string;
  /** null when nobody was signed in. */
  readonly actorUserId: string | null;
  readonly actorLabel: string;
  readonly address: string;
  readonly userAgent: string;
}

interface Head {
  readonly accountId: string;
  readonly seq: bigint;
  readonly prevHash: string;
  readonly at: Date;
}

/** Takes the next place in the chain of each account; holds their rows until the transaction ends. */
function takePlaces(tx: Transaction, accountIds: readonly string[]): Promise<Head[]> {
  return tx.$queryRaw<Head[]>`
    UPDATE "Account" SET "auditSeq" = "auditSeq" + 1 WHERE "id" = ANY(${accountIds}::uuid[])
    RETURNING "id" AS "accountId", "auditSeq" AS "seq", "auditHash" AS "prevHash",
      date_trunc('milliseconds', clock_timestamp()) AS "at"`;
}

function linked(input: Omit<AuditInput, "accountId">, { accountId, seq, prevHash, at }: Head): HashedEvent {
  const text = (value: string | undefined) => (value === undefined ? null : storableText(value));
  const event: ChainedEvent = {
    type: "event",
    v: 1,
    account: accountId,
    seq: Number(seq),
    at: at.toISOString(),
    action: input.action,
    actor: storableText(input.actorLabel),
    actorId: input.actorUserId,
    targetType: input.targetType ?? null,
    targetId: text(input.targetId),
    target: text(input.targetLabel),
    address: storableText(input.address),
    userAgent: storableText(input.userAgent),
    details: storableDetails(input.details ?? {}),
    prevHash,
  };
  return { ...event, hash: hashOf(event) };
}

async function store(tx: Transaction, events: readonly HashedEvent[]): Promise<void> {
  await tx.$executeRaw`
    WITH linked AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(events)}::jsonb) AS e(
        "account" uuid, "seq" bigint, "at" timestamptz, "action" text, "actorId" uuid, "actor" text, "targetType" text,
        "targetId" text, "target" text, "address" text, "userAgent" text, "details" jsonb, "prevHash" text, "hash" text)
    ), appended AS (
      INSERT INTO "AuditEvent" ("accountId", "seq", "at", "action", "actorUserId", "actorLabel", "targetType",
        "targetId", "targetLabel", "address", "userAgent", "details", "prevHash", "hash")
      SELECT "account", "seq", "at", "action", "actorId", "actor", "targetType", "targetId", "target", "address",
        "userAgent", "details", "prevHash", "hash" FROM linked
    )
    UPDATE "Account" a SET "auditHash" = l."hash" FROM linked l WHERE a."id" = l."account"`;
  afterCommit(tx, () => events.forEach(printEvent));
}

/**
 * Appends to the account's audit trail in the transaction of the change it records. Number and link are taken
 * under the account row's lock, so the chain has no gaps and no branches: a rolled-back change gives its
 * place back. Once that is committed, the event is a line on standard output too.
 *
 * @throws TypeError for details that have no one form (a fraction)
 */
export async function appendAudit(tx: Transaction, { accountId, ...input }: AuditInput): Promise<void> {
  const [head] = await takePlaces(tx, [accountId]);
  if (!head) throw new Error("audit: there is no such account");
  await store(tx, [linked(input, head)]);
}

/** Events that are linked and stored in one statement. */
const atOnce = 500;

/**
 * The same in the trail of every account, for what is done to all of Latchkey. Holds the rows of all accounts until the
 * transaction ends, in the order in which others hold several.
 */
export async function appendAuditToAll(tx: Transaction, input: Omit<AuditInput, "accountId">): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT "id" FROM "Account" ORDER BY "id" FOR UPDATE`;
  const ids = rows.map(({ id }) => id);
  for (let at = 0; at < ids.length; at += atOnce) {
    const heads = await takePlaces(tx, ids.slice(at, at + atOnce));
    await store(
      tx,
      heads.map((head) => linked(input, head)),
    );
  }
}
