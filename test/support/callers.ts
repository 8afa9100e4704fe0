import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { callerId, type Outcome, otherCallersId } from "@/lib/domain/caller";
import type { NamedCallers } from "@/lib/domain/named-callers";
import { isLiveToken, type SeenToken } from "@/lib/domain/preflight-evidence";
import { hourMs, hourOf } from "@/lib/domain/traffic";
import { configureSecurityToken } from "@/lib/services/security-token/configure";
import { rotateSecurityToken } from "@/lib/services/security-token/rotate";
import { readSecurityToken } from "@/lib/services/security-token/token";

/** A moment before now. */
export function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

/** Configures a token and pretends that this was a day ago. */
export async function configureYesterday(actor: Actor): Promise<void> {
  await configureSecurityToken(actor);
  await pool().query(`UPDATE "ClientToken" SET "createdAt" = $2 WHERE "accountId" = $1`, [
    actor.accountId,
    minutesAgo(24 * 60),
  ]);
}

/** Begins a rotation whose overlap is open, and pretends that it was so long ago. */
export async function rotateMinutesAgo(actor: Actor, minutes: number): Promise<void> {
  const { tokenId } = await readSecurityToken(actor);
  await rotateSecurityToken(actor, { tokenId: tokenId ?? "", overlap: "open" });
  await pool().query(
    `UPDATE "ClientToken" SET "createdAt" = $2 WHERE "accountId" = $1 AND "state" = 'current'`,
    [actor.accountId, minutesAgo(minutes)],
  );
}

/** As if a question had named every caller that there is by now. */
export async function everybodyNamed({ accountId }: Actor): Promise<NamedCallers> {
  const { rows } = await pool().query<{ id: string; others: boolean }>(
    `SELECT "id", "others" FROM "Caller" WHERE "accountId" = $1`,
    [accountId],
  );
  const own = rows.filter(({ others }) => !others);
  return { ids: own.map(({ id }) => id), programs: [], others: rows.length - own.length };
}

interface TestCaller {
  readonly agent: string;
  readonly token: SeenToken;
  readonly at?: Date;
  readonly notLiveAt?: Date;
  /** It had come with the token a minute before, and without it then. */
  readonly relapsedAt?: Date;
  readonly others?: boolean;
  readonly address?: string;
  readonly outcome?: Outcome;
  readonly requests?: number;
  /** In which hour its requests were counted. */
  readonly hoursAgo?: number;
}

/** The name that holds an account, typed by someone who has read of every caller there is by now. */
export async function confirmedBy(actor: Actor): Promise<{ confirmation: string; named: NamedCallers }> {
  return { confirmation: actor.accountName, named: await everybodyNamed(actor) };
}

/** Writes a caller down as a gate would have. */
export async function addCaller(actor: Actor, instanceId: string, caller: TestCaller): Promise<string> {
  const { agent, token, at = new Date(), others = false, requests = 1, hoursAgo = 0 } = caller;
  const { address = "203.0.113.9", outcome = "accepted" } = caller;
  const id = others ? otherCallersId(instanceId) : callerId({ instanceId, address, agent });
  const live = isLiveToken(token);
  await pool().query(
    `INSERT INTO "Caller" ("id", "accountId", "instanceId", "others", "address", "agent", "userAgent",
            "firstSeenAt", "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken", "liveAt", "notLiveAt",
            "relapsedAt", "relapsedFrom")
     VALUES ($1, $2, $3, $4, $10, $5, $5, $6, $6, 'POST', '/send-text', $11, $7, $8, $9,
             $12, $12::timestamptz - interval '1 minute')`,
    [
      id,
      actor.accountId,
      instanceId,
      others,
      agent,
      at,
      token,
      live ? at : null,
      live || token === "none" ? caller.notLiveAt : at,
      others ? null : address,
      outcome,
      caller.relapsedAt ?? null,
    ],
  );
  await addHour(id, new Date(at.getTime() - hoursAgo * hourMs), outcome, token, requests);
  return id;
}

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

/** Writes down that a caller called an endpoint, as `POST /send-text`. */
export async function addEndpoint(id: string, endpoint: string, at = new Date()): Promise<void> {
  const values = [id, ...endpoint.split(" "), at];
  await pool().query(`INSERT INTO "CallerEndpoint" VALUES ($1, $2, $3, 5, 0, $4)`, values);
}

/** Writes a rejected caller down as a gate would have. */
export async function addRejected(actor: Actor, instanceId: string, caller: TestRejection): Promise<string> {
  const { agent, reason, at = new Date(), others = false, lastOutcome = reason, requests = 1 } = caller;
  const { acceptedAt = minutesAgo(120) } = caller;
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
