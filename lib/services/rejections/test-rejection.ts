import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { callerId, otherCallersId } from "@/lib/domain/caller";
import { hourOf } from "@/lib/domain/caller-sums";

interface TestRejection {
  readonly agent: string;
  readonly reason: string;
  readonly at?: Date;
  /** When it was let in; null: never. */
  readonly acceptedAt?: Date | null;
  readonly requests?: number;
  readonly others?: boolean;
  /** What became of its latest request; the rejection unless given. */
  readonly lastOutcome?: string;
}

/** A moment before now. */
export function minutesBefore(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

/** Writes requests of one hour down as a gate would have. */
export async function addHour(id: string, at: Date, outcome: string, token: string, requests = 1) {
  const hour = new Date(hourOf(at.getTime()));
  const values = [id, hour, outcome, token, requests];
  await pool().query(`INSERT INTO "CallerHour" VALUES ($1, $2, $3, $4, $5)`, values);
  await pool().query(
    `INSERT INTO "TrafficHour" AS t SELECT "instanceId", $2, $3, $4, $5 FROM "Caller" WHERE "id" = $1
     ON CONFLICT ("instanceId", "hour", "outcome", "token") DO UPDATE SET "requests" = t."requests" + $5`,
    values,
  );
}

/** Writes a rejected caller down as a gate would have. */
export async function addRejected(actor: Actor, instanceId: string, caller: TestRejection): Promise<string> {
  const { agent, reason, at = new Date(), others = false, lastOutcome = reason, requests = 1 } = caller;
  const { acceptedAt = minutesBefore(120) } = caller;
  const address = "203.0.113.9";
  const id = others ? otherCallersId(instanceId) : callerId({ instanceId, address, agent });
  await pool().query(
    `INSERT INTO "Caller" ("id", "accountId", "instanceId", "others", "address", "agent", "userAgent",
            "firstSeenAt", "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken",
            "acceptedAt", "rejectedAt")
     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $7, 'POST', '/send-text', $8, 'none', $9, $7)`,
    [id, actor.accountId, instanceId, others, others ? null : address, agent, at, lastOutcome, acceptedAt],
  );
  await addHour(id, at, reason, reason, requests);
  return id;
}
