import pg from "pg";

/** Makes so many programs, *program-1* and so on, that called an instance of this name without the token just now. */
export async function insertCallers(email: string, instance: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(
    `INSERT INTO "Caller" ("id", "accountId", "instanceId", "address", "agent", "userAgent", "firstSeenAt",
            "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken", "notLiveAt")
     SELECT gen_random_uuid(), i."accountId", i."id", '198.51.100.' || n, 'program-' || n, 'program-' || n || '/1.0',
            now(), now(), 'GET', '/', 'accepted', 'missing', now()
       FROM generate_series(1, $3::int) n, "Instance" i JOIN "Membership" m ON m."accountId" = i."accountId"
       JOIN "User" u ON u."id" = m."userId" WHERE u."email" = $1 AND i."name" = $2`,
    [email, instance, count],
  );
  await client.end();
}
