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
  readonly targetId?: string;
  /** The target's name at this time. */
  readonly targetLabel?: string;
  readonly details?: AuditDetails;
}

/** A record with who did it, where, and from where. */
export interface AuditInput extends AuditRecord {
  readonly accountId: string;
  /** null when nobody was signed in. */
  readonly actorUserId: string | null;
  readonly actorLabel: string;
  readonly address: string;
  readonly userAgent: string;
}

interface Head {
  readonly seq: bigint;
  readonly prevHash: string;
  readonly at: Date;
}

/** Takes the next place in the account's chain; holds the account's row until the transaction ends. */
async function takePlace(tx: Transaction, accountId: string): Promise<Head> {
  const [head] = await tx.$queryRaw<Head[]>`
    UPDATE "Account" SET "auditSeq" = "auditSeq" + 1 WHERE "id" = ${accountId}::uuid
    RETURNING "auditSeq" AS "seq", "auditHash" AS "prevHash",
      date_trunc('milliseconds', clock_timestamp()) AS "at"`;
  if (!head) throw new Error("audit: there is no such account");
  return head;
}

function linked(input: AuditInput, { seq, prevHash, at }: Head): ChainedEvent {
  const text = (value: string | undefined) => (value === undefined ? null : storableText(value));
  return {
    type: "event",
    v: 1,
    account: input.accountId,
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
}

/**
 * Appends to the account's audit trail in the transaction of the change it records. Number and link are taken
 * under the account row's lock, so the chain has no gaps and no branches: a rolled-back change gives its
 * place back. Once that is committed, the event is a line on standard output too.
 *
 * @throws TypeError for details that have no one form (a fraction)
 */
export async function appendAudit(tx: Transaction, input: AuditInput): Promise<void> {
  const event = linked(input, await takePlace(tx, input.accountId));
  const hash = hashOf(event);
  await tx.$executeRaw`
    WITH appended AS (
      INSERT INTO "AuditEvent" ("accountId", "seq", "at", "action", "actorUserId", "actorLabel", "targetType",
        "targetId", "targetLabel", "address", "userAgent", "details", "prevHash", "hash")
      VALUES (${event.account}::uuid, ${event.seq}, ${event.at}::timestamptz, ${event.action},
        ${event.actorId}::uuid, ${event.actor}, ${event.targetType}, ${event.targetId}, ${event.target},
        ${event.address}, ${event.userAgent}, ${JSON.stringify(event.details)}::jsonb, ${event.prevHash}, ${hash})
    )
    UPDATE "Account" SET "auditHash" = ${hash} WHERE "id" = ${event.account}::uuid`;
  afterCommit(tx, () => printEvent({ ...event, hash }));
}
