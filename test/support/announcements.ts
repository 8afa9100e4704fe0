import pg from "pg";
import { afterAll, beforeAll, expect } from "vitest";
import { config } from "@/lib/config";
import { epochChannel } from "@/lib/db/epoch";

/**
 * Hears what is announced to gates, for all tests of a file.
 *
 * @returns what was announced of an account until now, oldest first: `account:epoch`
 */
export function hearAnnouncements(): (accountId: string) => Promise<string[]> {
  const heard: string[] = [];
  let listener: pg.Client;
  let fences = 0;

  beforeAll(async () => {
    listener = new pg.Client({ connectionString: config().databaseUrl });
    await listener.connect();
    listener.on("notification", ({ payload = "" }) => heard.push(payload));
    await listener.query(`LISTEN ${epochChannel}`);
  });

  afterAll(() => listener.end());

  return async (accountId) => {
    // They come in order: those before the fence are here.
    const fence = `fence ${fences++}`;
    await listener.query("SELECT pg_notify($1, $2)", [epochChannel, fence]);
    await expect.poll(() => heard.includes(fence), { interval: 2 }).toBe(true);
    return heard.filter((payload) => payload.startsWith(accountId));
  };
}
