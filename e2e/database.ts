import { query } from "@/test/support/database";
import { expect, type Owner } from "./fixtures";

// What a journey needs in the database and nobody could click together in time.

async function change(text: string, values: readonly unknown[]): Promise<void> {
  await query(process.env.DATABASE_URL, text, values);
}

/** Makes so many programs, *program-1* and so on, that called an instance of this name without the token just now. */
export function insertCallers(email: string, instance: string, count: number): Promise<void> {
  return change(
    `INSERT INTO "Caller" ("id", "accountId", "instanceId", "address", "agent", "userAgent", "firstSeenAt",
            "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken", "notLiveAt")
     SELECT gen_random_uuid(), i."accountId", i."id", '198.51.100.' || n, 'program-' || n, 'program-' || n || '/1.0',
            now(), now(), 'GET', '/', 'accepted', 'missing', now()
       FROM generate_series(1, $3::int) n, "Instance" i JOIN "Membership" m ON m."accountId" = i."accountId"
       JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1 AND i."name" = $2`,
    [email, instance, count],
  );
}

/** Puts instances called *Shop 1* to *Shop n*, and what follows, into the account of a user. They answer nobody. */
export function insertInstances(email: string, count: number, rest = ""): Promise<void> {
  return change(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     SELECT substr(md5(random()::text || n), 1, 20), m."accountId", 'Shop ' || n || $3, ''::bytea, '', now()
       FROM generate_series(1, $2::int) n, "Membership" m JOIN "User" u ON u."id" = m."userId"
      WHERE u."email" = $1`,
    [email, count, rest],
  );
}

/** Puts viewers who cannot sign in into the account of a user: *viewer-1@…*, *viewer-2@…* and so on. */
export function insertMembers(email: string, count: number): Promise<void> {
  return change(
    `WITH made AS (
       INSERT INTO "User" ("id", "email", "passwordHash")
       SELECT gen_random_uuid(), 'viewer-' || n || '@' || md5(random()::text) || '.example', ''
         FROM generate_series(1, $2::int) n RETURNING "id"
     )
     INSERT INTO "Membership" ("userId", "accountId", "role")
     SELECT made."id", m."accountId", 'viewer'
       FROM made, "Membership" m JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1`,
    [email, count],
  );
}

/** Has armed instances enforced as soon as their callers are ready, without a hold time. */
export function skipHold({ email }: Pick<Owner, "email">): Promise<void> {
  return change(
    `UPDATE "Account" a SET "holdSeconds" = 0
       FROM "Membership" m JOIN "User" u ON u."id" = m."userId"
      WHERE m."accountId" = a."id" AND u."email" = $1`,
    [email],
  );
}

/** Lets so many hours pass for all that an account remembers of its token and its callers. */
export async function passHours({ email }: Pick<Owner, "email">, hours: number): Promise<void> {
  const of = `IN (SELECT m."accountId" FROM "Membership" m JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1)`;
  const earlier = (table: string, columns: readonly string[], where: string) =>
    change(
      `UPDATE "${table}" SET ${columns.map((name) => `"${name}" = "${name}" - $2::interval`)} WHERE ${where} ${of}`,
      [email, `${hours} hours`],
    );
  await earlier("Account", ["armedAt", "askAt", "activatedAt", "graceSince", "graceUntil"], `"id"`);
  await earlier("ClientToken", ["createdAt"], `"accountId"`);
  await earlier("Instance", ["readySince"], `"accountId"`);
  await earlier("KnownCaller", ["liveSince"], `"accountId"`);
  const moments = ["firstSeenAt", "lastSeenAt", "liveAt", "notLiveAt", "relapsedAt", "relapsedFrom"];
  await earlier("Caller", moments, `"accountId"`);
  // Not in one step, in which an hour would come to stand where another one still is.
  for (const interval of ["1000000 hours", `${hours - 1_000_000} hours`]) {
    await change(
      `UPDATE "CallerHour" SET "hour" = "hour" - $2::interval
        WHERE "callerId" IN (SELECT "id" FROM "Caller" WHERE "accountId" ${of})`,
      [email, interval],
    );
  }
}

/** Makes the owner's last proof older than a proof may be. */
export function forgetProof({ email }: Pick<Owner, "email">): Promise<void> {
  return change(
    `UPDATE "Session" s SET "provenAt" = now() - interval '11 minutes'
       FROM "User" u WHERE u."id" = s."userId" AND u."email" = $1`,
    [email],
  );
}

/** Requires two-step sign-in in the owner's account, as another owner might who has it. */
export function requireTwoStep({ email }: Pick<Owner, "email">): Promise<void> {
  return change(
    `UPDATE "Account" a SET "requireTwoStep" = true
       FROM "Membership" m JOIN "User" u ON u."id" = m."userId"
      WHERE m."accountId" = a."id" AND u."email" = $1`,
    [email],
  );
}

/** Puts a service without hosts, headers and routes into the account of a user. */
export function insertService(
  email: string,
  { name, preset, upstreamUrl }: Readonly<Record<"name" | "preset" | "upstreamUrl", string>>,
): Promise<void> {
  return change(
    `INSERT INTO "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "updatedAt")
     SELECT gen_random_uuid(), m."accountId", $2, $3, $4, now()
       FROM "Membership" m JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1`,
    [email, name, preset, upstreamUrl],
  );
}

/** Has the account of its owner be the first one of the server. */
export function makeFirst({ email }: Pick<Owner, "email">): Promise<void> {
  return change(
    `UPDATE "Account" SET "isFirst" = true
      WHERE "id" IN (SELECT m."accountId" FROM "Membership" m JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1)`,
    [email],
  );
}

/** Makes a caller and its requests so many hours older. */
export async function age(address: string, hours: number): Promise<void> {
  const aged = await query(
    process.env.DATABASE_URL,
    `WITH aged AS (
       UPDATE "Caller" SET "firstSeenAt" = "firstSeenAt" - $2::interval,
              "lastSeenAt" = "lastSeenAt" - $2::interval, "notLiveAt" = "notLiveAt" - $2::interval
        WHERE "address" = $1 RETURNING "id")
     UPDATE "CallerHour" SET "hour" = "hour" - $2::interval
      WHERE "callerId" IN (SELECT "id" FROM aged) RETURNING 1`,
    [address, `${hours} hours`],
  );
  expect(aged).toHaveLength(1);
}

/** Pretends that a caller has called at this hour for so many days before, too; how many are known of it by now. */
export async function callsDaily(address: string, days: number): Promise<number> {
  const called = await query(
    process.env.DATABASE_URL,
    `INSERT INTO "CallerHour"
     SELECT "id", date_trunc('hour', "lastSeenAt", 'UTC') - n * interval '24 hours', 'accepted', 'missing', 1
       FROM "Caller", generate_series(1, $2::int) n WHERE "address" = $1 RETURNING 1`,
    [address, days],
  );
  return called.length;
}

/** Moves the end of the time in which known callers get in, as a change does: gates hear of it. */
export function endGraceIn({ email }: Pick<Owner, "email">, seconds: number): Promise<void> {
  return change(
    `WITH moved AS (
       UPDATE "Account" a SET "graceUntil" = now() + make_interval(secs => $2), "epoch" = "epoch" + 1,
              "epochAt" = clock_timestamp(), "epochXid" = pg_current_xact_id()::text::bigint
         FROM "Membership" m JOIN "User" u ON u."id" = m."userId"
        WHERE m."accountId" = a."id" AND u."email" = $1 RETURNING a."id", a."epoch")
     SELECT pg_notify('latchkey_epoch', "id"::text || ':' || "epoch"::text) FROM moved`,
    [email, seconds],
  );
}
