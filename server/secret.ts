import type { Client } from "pg";
import { givenKeys } from "@/lib/crypto/keys";
import { type BoxKey, isSealedByUs } from "@/lib/crypto/sealed-box";
import { Refusal } from "./command";
import { isMissing, placeOf, withClient } from "./migrations/connect";
import { codeOf } from "./terminal";
import { words } from "./words";

/** Columns of what is sealed with a key of the secret. */
const sealedColumns: readonly (readonly [table: string, column: string, key: BoxKey])[] = [
  ["Instance", "tokenSealed", "sealed-box"],
  ["Service", "headersSealed", "sealed-box"],
  ["Totp", "seedSealed", "totp-seed"],
];

/** Boxes of one column that are looked at. */
const looked = 50;

/** What answers queries. */
type Queryable = Pick<Client, "query">;

/** An older Latchkey has fewer tables. */
async function columnOf(database: Queryable, sql: string): Promise<readonly string[]> {
  try {
    const { rows } = await database.query<{ value: string }>(sql);
    return rows.map(({ value }) => value);
  } catch (error) {
    if (["42P01", "42703"].includes(codeOf(error))) return [];
    throw error;
  }
}

/** The secret that a Latchkey noted as the one in use there; none where none ever served. */
const notedSecrets = (database: Queryable) =>
  columnOf(database, `select "id" as value from "SecretKey" where "retiredAt" is null`);

/** True when there is data that may need the secret that it was made with. */
export async function needsSecret(database: Queryable): Promise<boolean> {
  if ((await notedSecrets(database)).length > 0) return true;
  return (await columnOf(database, `select "id" as value from "Account" limit 1`)).length > 0;
}

/**
 * Whether the secret of this process is the one that data was sealed with. `untried`: nothing is sealed, so that
 * nothing is lost either.
 */
export async function tryOutSecret(database: Queryable): Promise<"right" | "wrong" | "untried"> {
  const noted = await notedSecrets(database);
  if (noted.length > 0 && !givenKeys().some(({ id }) => noted.includes(id))) return "wrong";
  let sealed = 0;
  for (const [table, column, key] of sealedColumns) {
    const boxes = await columnOf(
      database,
      `select "${column}" as value from "${table}" where "${column}" like 'v1.%' limit ${looked}`,
    );
    if (boxes.some((box) => isSealedByUs(box, key))) return "right";
    sealed += boxes.length;
  }
  return sealed > 0 ? "wrong" : "untried";
}

/**
 * Makes sure, before anything is written, that the secret fits the data of a database. Without one, that there is no
 * data which needs one.
 *
 * @param isGiven whether this process has a secret
 * @throws Refusal when it is another one, or missing; StartError when the database cannot be reached
 */
export async function checkSecret(databaseUrl: string, isGiven: boolean): Promise<void> {
  const place = placeOf(databaseUrl);
  try {
    await withClient(databaseUrl, "latchkey-secret", async (client) => {
      if (!isGiven) {
        if (await needsSecret(client)) throw new Refusal(words("secret.missing", { place }));
      } else if ((await tryOutSecret(client)) === "wrong") {
        throw new Refusal(words("secret.wrong", { place }));
      }
    });
  } catch (error) {
    // Whoever migrates makes it.
    if (!isMissing(error)) throw error;
  }
}
