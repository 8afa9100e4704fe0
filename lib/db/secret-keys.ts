import pg from "pg";
import { config } from "@/lib/config";
import { ConfigError, settingProblem } from "@/lib/config/values";
import { pool } from "./pool";

/** The channel on which processes hear that secrets are to be read again; without a payload. */
export const secretChannel = "latchkey_secret";

/** A secret that data is or was under, as it is kept: by its name alone. */
export interface StoredSecretKey {
  readonly id: string;
  /** null: it is in use. */
  readonly retiredAt: Date | null;
  /** What is left of its keys, sealed; null where nothing is. */
  readonly sealed: string | null;
  /** The public key of exports that it signed. */
  readonly auditKey: string | null;
}

/** All of them, the one in use first, the others from the newest on. */
export async function readSecretKeys(): Promise<readonly StoredSecretKey[]> {
  const { rows } = await pool().query<StoredSecretKey>(
    `SELECT "id", "retiredAt", "sealed", "auditKey" FROM "SecretKey" ORDER BY "retiredAt" DESC NULLS FIRST`,
  );
  return rows;
}

/** Locks of the whole installation: of the first secret's note, and of whoever replaces the secret. */
const locks = { first: 7_315_002, rotation: 7_315_003 } as const;

/** Notes the first secret of this installation, unless one is noted already. Without Prisma, which gates do not load. */
export async function noteFirstSecret(id: string): Promise<void> {
  const client = await pool().connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock($1)", [locks.first]);
    await client.query(
      `INSERT INTO "SecretKey" ("id") SELECT $1 WHERE NOT EXISTS (SELECT FROM "SecretKey")`,
      [id],
    );
    await client.query("COMMIT");
    client.release();
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    client.release(true);
    throw error;
  }
}

/** One sealed value of each kind that lasts, where there is one: what they begin with says which secret they need. */
export async function sampleBoxes(): Promise<readonly { readonly box: string; readonly seed: boolean }[]> {
  const { rows } = await pool().query<{ box: string; seed: boolean }>(
    `(SELECT "tokenSealed" AS box, false AS seed FROM "Instance" WHERE "tokenSealed" LIKE 'v1.%' LIMIT 1)
      UNION ALL (SELECT "seedSealed", true FROM "Totp" WHERE "seedSealed" LIKE 'v1.%' LIMIT 1)`,
  );
  return rows;
}

/** Has every process read again what secrets there are. */
export async function announceSecrets(): Promise<void> {
  await pool().query("SELECT pg_notify($1, '')", [secretChannel]);
}

/** A process that follows the secrets, and which it knows. */
export interface SecretFollower {
  readonly pid: number;
  readonly address: string;
  readonly inUse: string;
  readonly known: readonly string[];
}

/** What such a process calls its connection: fits the 63 bytes that PostgreSQL keeps, with two secrets known. */
export function followerName(inUse: string, known: readonly string[]): string {
  return ["latchkey-keys", inUse, ...known.filter((id) => id !== inUse)].join(" ").slice(0, 63);
}

/** Every process of this installation that follows the secrets now. */
export async function readFollowers(): Promise<readonly SecretFollower[]> {
  const { rows } = await pool().query<{ pid: number; name: string; address: string | null }>(
    `SELECT pid, application_name AS name, host(client_addr) AS address FROM pg_stat_activity
      WHERE datname = current_database() AND application_name LIKE 'latchkey-keys %'`,
  );
  return rows.map(({ pid, name, address }) => {
    const [, inUse = "", ...others] = name.split(" ");
    return { pid, address: address ?? "this machine", inUse, known: [inUse, ...others] };
  });
}

/** How much is still under retired secrets, by secret: digests that nobody can make anew without what they are of. */
export async function countOldDigests(): Promise<
  readonly { readonly id: string; readonly tokens: number; readonly recoveryCodes: number }[]
> {
  const { rows } = await pool().query<{ id: string; tokens: number; recoveryCodes: number }>(
    `SELECT k."id",
            (SELECT count(*)::int FROM "ClientToken" t WHERE t."secretId" = k."id" AND t."state" <> 'retired')
              AS tokens,
            (SELECT count(*)::int FROM "RecoveryCode" r WHERE r."secretId" = k."id" AND r."usedAt" IS NULL)
              AS "recoveryCodes"
       FROM "SecretKey" k WHERE k."retiredAt" IS NOT NULL ORDER BY k."retiredAt"`,
  );
  return rows;
}

/** Forgets what is left of retired secrets that nothing is under any more. @param before such as were retired earlier */
export async function forgetLeftKeys(before: Date): Promise<void> {
  await pool().query(
    `UPDATE "SecretKey" k SET "sealed" = NULL WHERE k."retiredAt" < $1
        AND NOT EXISTS (SELECT FROM "ClientToken" t WHERE t."secretId" = k."id")
        AND NOT EXISTS (SELECT FROM "RecoveryCode" r WHERE r."secretId" = k."id" AND r."usedAt" IS NULL)`,
    [before],
  );
}

/**
 * Runs `work` while no other process changes the secret. The lock goes with the connection, so that a process that is
 * killed leaves none behind.
 *
 * @returns undefined, and nothing was run, when another one does
 */
export async function whileRotating<T>(work: () => Promise<T>): Promise<T | undefined> {
  const { databaseUrl } = config();
  if (!databaseUrl) throw new ConfigError([settingProblem("DATABASE_URL", "notSet")]);
  const client = new pg.Client({
    connectionString: databaseUrl,
    keepAlive: true,
    application_name: "latchkey",
  });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock($1) AS held", [
      locks.rotation,
    ]);
    return rows[0]?.held ? await work() : undefined;
  } finally {
    await client.end();
  }
}
