import { pool } from "./pool";
import type { Transaction } from "./transaction";

/** The channel on which senders hear that a mail waits; without a payload. */
export const mailChannel = "latchkey_mail";

/** A mail taken from the outbox, to be sent by nobody else until its lease ends. */
export interface ClaimedMail {
  readonly id: string;
  readonly template: string;
  readonly sealed: string;
  /** How many times it was tried, this one included. */
  readonly attempts: number;
  readonly expiresAt: Date;
}

/** A sender has this long for a mail, in seconds; then another one may try it. */
export const mailLeaseSeconds = 120;

/** Puts a mail into the outbox; senders hear of it when the transaction commits, and never otherwise. */
export async function insertMail(
  tx: Transaction,
  mail: { id: string; template: string; sealed: string; lifetimeSeconds: number },
): Promise<void> {
  await tx.$executeRaw`
    WITH queued AS (
      INSERT INTO "MailOutbox" ("id", "template", "sealed", "expiresAt")
      VALUES (${mail.id}::uuid, ${mail.template}, ${mail.sealed},
              now() + make_interval(secs => ${mail.lifetimeSeconds}::int))
      RETURNING "id"
    )
    SELECT pg_notify(${mailChannel}, '') FROM queued`;
}

const claim = `
  UPDATE "MailOutbox"
     SET "attempts" = "attempts" + 1, "dueAt" = now() + make_interval(secs => $2)
   WHERE "id" IN (SELECT "id" FROM "MailOutbox" WHERE "dueAt" <= now()
                   ORDER BY "dueAt" LIMIT $1 FOR UPDATE SKIP LOCKED)
  RETURNING "id", "template", "sealed", "attempts", "expiresAt"`;

/** Takes mails that are due. Of several senders at once each gets others. */
export async function claimMails(most: number): Promise<readonly ClaimedMail[]> {
  return (await pool().query<ClaimedMail>(claim, [most, mailLeaseSeconds])).rows;
}

/** Forgets a mail that is sent, or that nobody can send. */
export async function deleteMail({ id, attempts }: ClaimedMail): Promise<void> {
  // Unless somebody else has taken it meanwhile: what they do counts then.
  await pool().query(`DELETE FROM "MailOutbox" WHERE "id" = $1 AND "attempts" = $2`, [id, attempts]);
}

/** Puts a mail back, to be tried again after so many seconds. */
export async function postponeMail({ id, attempts }: ClaimedMail, seconds: number): Promise<void> {
  await pool().query(
    `UPDATE "MailOutbox" SET "dueAt" = now() + make_interval(secs => $3) WHERE "id" = $1 AND "attempts" = $2`,
    [id, attempts, seconds],
  );
}

/** Milliseconds until the next mail is due, at least 0; null when none waits. */
export async function nextMailIn(): Promise<number | null> {
  const { rows } = await pool().query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM min("dueAt") - now()) * 1000)::float8 AS ms FROM "MailOutbox"`,
  );
  const ms = rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, Math.ceil(ms));
}
