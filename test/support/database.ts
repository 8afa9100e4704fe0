import pg from "pg";

/** A connection of its own to a database, for as long as `work` takes. */
export async function onDatabase<T>(
  databaseUrl: string | undefined,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Without a listener, a database that is killed would end this process.
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The rows of one statement, on a connection of its own. */
export async function query<Row extends object>(
  databaseUrl: string | undefined,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return onDatabase(databaseUrl, async (client) => (await client.query<Row>(text, [...values])).rows);
}
