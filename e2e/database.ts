import pg from "pg";
import type { Owner } from "./fixtures";

// What a journey needs in the database and nobody could click together in time.

async function query(text: string, values: readonly unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(text, [...values]);
  await client.end();
}

/** Makes so many programs, *program-1* and so on, that called an instance of this name without the token just now. */
export function insertCallers(email: string, instance: string, count: number): Promise<void> {
  return query(
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
  return query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     SELECT substr(md5(random()::text || n), 1, 20), m."accountId", 'Shop ' || n || $3, ''::bytea, '', now()
       FROM generate_series(1, $2::int) n, "Membership" m JOIN "User" u ON u."id" = m."userId"
      WHERE u."email" = $1`,
    [email, count, rest],
  );
}

/** Puts viewers who cannot sign in into the account of a user: *viewer-1@…*, *viewer-2@…* and so on. */
export function insertMembers(email: string, count: number): Promise<void> {
  return query(
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
  return query(
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
    query(
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
    await query(
      `UPDATE "CallerHour" SET "hour" = "hour" - $2::interval
        WHERE "callerId" IN (SELECT "id" FROM "Caller" WHERE "accountId" ${of})`,
      [email, interval],
    );
  }
}

/** Makes the owner's last proof older than a proof may be. */
export function forgetProof({ email }: Pick<Owner, "email">): Promise<void> {
  return query(
    `UPDATE "Session" s SET "provenAt" = now() - interval '11 minutes'
       FROM "User" u WHERE u."id" = s."userId" AND u."email" = $1`,
    [email],
  );
}

/** Requires two-step sign-in in the owner's account, as another owner might who has it. */
export function requireTwoStep({ email }: Pick<Owner, "email">): Promise<void> {
  return query(
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
  return query(
    `INSERT INTO "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "updatedAt")
     SELECT gen_random_uuid(), m."accountId", $2, $3, $4, now()
       FROM "Membership" m JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1`,
    [email, name, preset, upstreamUrl],
  );
}

/** Has the account of its owner be the first one of the server. */
export function makeFirst({ email }: Pick<Owner, "email">): Promise<void> {
  return query(
    `UPDATE "Account" SET "isFirst" = true
      WHERE "id" IN (SELECT m."accountId" FROM "Membership" m JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1)`,
    [email],
  );
}
