import { pool } from "./pool";
import type { Transaction } from "./transaction";

/** The channel on which couriers hear that something waits; without a payload. */
export const outboxChannel = "latchkey_outbox";

/** How a message leaves, which says what its topic and its payload mean. */
type OutboxKind = "mail";

/** A message taken from the outbox, to be delivered by nobody else until its lease ends. */
export interface ClaimedMessage {
  readonly id: string;
  readonly kind: OutboxKind;
  readonly topic: string;
  readonly sealed: string;
  /** How many times it was tried, this one included. */
  readonly attempts: number;
  readonly expiresAt: Date;
}

/** What a sealed payload belongs to. */
export function outboxContext({ id, kind, topic }: Pick<ClaimedMessage, "id" | "kind" | "topic">): string {
  return `outbox:${id}:${kind}:${topic}`;
}

/** Puts a message into the outbox; couriers hear of it when the transaction commits, and never otherwise. */
export async function insertMessage(
  tx: Transaction,
  message: Pick<ClaimedMessage, "id" | "kind" | "topic" | "sealed"> & { readonly lifetimeSeconds: number },
): Promise<void> {
  await tx.$executeRaw`
    WITH queued AS (
      INSERT INTO "Outbox" ("id", "kind", "topic", "sealed", "expiresAt")
      VALUES (${message.id}::uuid, ${message.kind}, ${message.topic}, ${message.sealed},
              now() + make_interval(secs => ${message.lifetimeSeconds}::int))
      RETURNING "id"
    )
    SELECT pg_notify(${outboxChannel}, '') FROM queued`;
}

/** A courier has this long for a message, in seconds; then another one may try it. */
const leaseSeconds = 120;

const claim = `
  UPDATE "Outbox"
     SET "attempts" = "attempts" + 1, "dueAt" = now() + make_interval(secs => $3)
   WHERE "id" IN (SELECT "id" FROM "Outbox" WHERE "dueAt" <= now() AND "kind" = ANY($1)
                   ORDER BY "dueAt" LIMIT $2 FOR UPDATE SKIP LOCKED)
  RETURNING "id", "kind", "topic", "sealed", "attempts", "expiresAt"`;

/** Takes messages of these kinds that are due. Of several couriers at once each gets others. */
export async function claimMessages(
  kinds: readonly OutboxKind[],
  most: number,
): Promise<readonly ClaimedMessage[]> {
  return (await pool().query<ClaimedMessage>(claim, [kinds, most, leaseSeconds])).rows;
}

/** Forgets a message that is delivered, or that nobody can deliver. */
export async function deleteMessage({ id, attempts }: ClaimedMessage): Promise<void> {
  // Unless somebody else has taken it meanwhile: what they do counts then.
  await pool().query(`DELETE FROM "Outbox" WHERE "id" = $1 AND "attempts" = $2`, [id, attempts]);
}

/** Puts a message back, to be tried again after so many seconds. */
export async function postponeMessage({ id, attempts }: ClaimedMessage, seconds: number): Promise<void> {
  await pool().query(
    `UPDATE "Outbox" SET "dueAt" = now() + make_interval(secs => $3) WHERE "id" = $1 AND "attempts" = $2`,
    [id, attempts, seconds],
  );
}

/** Milliseconds until the next message of these kinds is due, at least 0; null when none waits. */
export async function nextMessageIn(kinds: readonly OutboxKind[]): Promise<number | null> {
  const { rows } = await pool().query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM min("dueAt") - now()) * 1000)::float8 AS ms FROM "Outbox" WHERE "kind" = ANY($1)`,
    [kinds],
  );
  const ms = rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, Math.ceil(ms));
}
