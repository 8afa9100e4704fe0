import pg from "pg";

/** Puts instances called *Shop 1* to *Shop n*, and what follows, into the account of a user. They answer nobody. */
export async function insertInstances(email: string, count: number, rest = ""): Promise<void> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     SELECT substr(md5(random()::text || n), 1, 20), m."accountId", 'Shop ' || n || $3, ''::bytea, '', now()
       FROM generate_series(1, $2::int) n, "Membership" m JOIN "User" u ON u."id" = m."userId"
      WHERE u."email" = $1`,
    [email, count, rest],
  );
  await client.end();
}
