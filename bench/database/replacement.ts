import type { Client } from "pg";
import { prepareChange } from "./change";
import { seedToken } from "./seed";

/**
 * Replaces an account's token without an overlap: every live one ends, and another begins.
 *
 * @returns what sends COMMIT
 */
export function prepareReplacement(client: Client, accountId: string, clientToken: string) {
  return prepareChange(client, accountId, async () => {
    await client.query(
      `update "ClientToken" set "state" = 'retired', "retireAt" = now()
        where "accountId" = $1 and "state" <> 'retired'`,
      [accountId],
    );
    await seedToken(client, accountId, clientToken);
  });
}
