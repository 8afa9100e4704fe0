import type { Client } from "pg";
import { prepareChange } from "./change";

/**
 * Switches an account's enforcement.
 *
 * @returns what sends COMMIT
 */
export function prepareSwitch(client: Client, accountId: string, enforcement: "on" | "off") {
  return prepareChange(client, accountId, () =>
    client.query(`update "Account" set "enforcement" = $2::"Enforcement" where "id" = $1`, [
      accountId,
      enforcement,
    ]),
  );
}
