import pg from "pg";

/** Puts viewers who cannot sign in into the account of a user: *viewer-1@…*, *viewer-2@…* and so on. */
export async function insertMembers(email: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(
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
  await client.end();
}
