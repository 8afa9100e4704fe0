import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { type Config, config } from "@/lib/config";
import { keysOf } from "@/lib/crypto/keys";
import { requireKnown, restoreInto } from "./backup/database";
import { type Opening, readBackupFile } from "./backup/file";
import { type BackupHead, readBackup, type TableSums } from "./backup/form";
import { countsOf } from "./backup/take";
import { defineCommand, Refusal, UsageError } from "./command";
import { typedPath } from "./command-line";
import { onEmbeddedPostgres } from "./embedded-postgres/embedded-postgres";
import { dataDirectory, openDataDirectory } from "./folders";
import { replaceFile } from "./replace-file";
import { loadConfig } from "./settings";
import { keepWords } from "./words";

/** Reads a whole backup and keeps nothing of it. @throws BackupError unless every byte is as it was written */
async function checkBackup(
  file: string,
  opening: Opening,
): Promise<{ readonly head: BackupHead; readonly sums: TableSums }> {
  const reading = await readBackup(await readBackupFile(file, opening));
  for await (const { rows } of reading.tables) for await (const _ of rows);
  const sums = reading.end();
  // Only now is it certain that the head is as it was written.
  await requireKnown(reading.head);
  return { head: reading.head, sums };
}

/** The secrets that were given: in the environment, or as a file that was put into the data directory before. */
function givenSecrets({ databaseUrl, dataDir }: Config): readonly string[] {
  const { LATCHKEY_SECRET: secret, LATCHKEY_SECRET_FILE: file } = process.env;
  if (!(secret || file || databaseUrl)) {
    const kept = join(dataDirectory(dataDir), "secret");
    if (existsSync(kept)) process.env.LATCHKEY_SECRET_FILE = kept;
  }
  return process.env.LATCHKEY_SECRET || process.env.LATCHKEY_SECRET_FILE ? config().secrets() : [];
}

/** What a restore does about the secret. */
interface SecretPlan {
  /** What the file of the secret is to hold; undefined: nothing is written, the secret was given. */
  readonly write: string | undefined;
  /** The new secret that takes the place of the lost one; undefined: nothing is lost. */
  readonly inPlace: string | undefined;
}

/** @throws Refusal when data would be under a secret that nobody has */
function planSecret(
  { head, sums }: { readonly head: BackupHead; readonly sums: TableSums },
  given: readonly string[],
  acceptsLoss: boolean,
  hasFolder: boolean,
): SecretPlan {
  const isRight = head.secretId === null || given.some((secret) => keysOf(secret).id === head.secretId);
  if (head.secrets) {
    if (given.length > 0 && !isRight) throw new Refusal(keepWords("restore.otherSecret"));
    return { write: given.length > 0 ? undefined : head.secrets.join("\n"), inPlace: undefined };
  }
  if (given.length > 0 && isRight) return { write: undefined, inPlace: undefined };
  if (head.secretId === null) return { write: undefined, inPlace: undefined };
  if (!acceptsLoss) {
    if (given.length > 0) throw new Refusal(keepWords("restore.otherSecret"));
    const rows = (table: string) => sums[table]?.rows ?? 0;
    throw new Refusal(
      keepWords("restore.lost", {
        instances: rows("Instance"),
        tokens: rows("ClientToken"),
        apps: rows("Totp"),
        codes: rows("RecoveryCode"),
      }),
    );
  }
  if (given[0] !== undefined) return { write: undefined, inPlace: given[0] };
  if (!hasFolder) throw new Refusal(keepWords("restore.newSecret"));
  const made = randomBytes(32).toString("base64url");
  return { write: made, inPlace: made };
}

/** Notes that what was under the lost secret cannot be opened any more, and that another one is in use. */
async function replaceLostSecret(client: Client, secret: string): Promise<void> {
  await client.query(`UPDATE "SecretKey" SET "retiredAt" = now() WHERE "retiredAt" IS NULL`);
  await client.query(`UPDATE "SecretKey" SET "sealed" = NULL`);
  await client.query(`INSERT INTO "SecretKey" ("id") VALUES ($1)`, [keysOf(secret).id]);
}

/** Writes the secret, unless it is there. @throws Refusal when another one is */
function keepSecret(path: string, secrets: string): void {
  const text = `${secrets}\n`;
  if (existsSync(path)) {
    if (readFileSync(path, "utf8").trim() === secrets) return;
    throw new Refusal(keepWords("restore.folderSecret", { path }));
  }
  replaceFile(path, text);
}

/** Runs `work` on the database that is to be filled: the given one, or a new one in the data directory. */
async function withTarget<T>(
  secretOf: (folder: string | undefined) => void,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir } = loadConfig();
  if (databaseUrl) {
    secretOf(undefined);
    return work(databaseUrl);
  }
  const folder = openDataDirectory(dataDir);
  return onEmbeddedPostgres(folder, (embeddedUrl) => {
    secretOf(folder);
    return work(embeddedUrl);
  });
}

export const command = defineCommand({
  name: "restore",
  operands: "FILE",
  json: true,
  options: {
    "without-secret": { type: "boolean" },
    "keep-in": { type: "string", value: "FILE" },
  },
  secrets: {
    passphrase: { environment: "LATCHKEY_BACKUP_PASSPHRASE" },
    identity: { environment: "LATCHKEY_BACKUP_IDENTITY" },
  },
  async run({ options, operands, secret, result, progress }) {
    const [file, ...more] = operands;
    if (file === undefined || more.length > 0) throw new UsageError(keepWords("restore.oneFile"));
    const passphrase = await secret("passphrase");
    const identity = await secret("identity");
    const opening = { passphrase, identities: identity === undefined ? [] : [identity] };
    const settings = loadConfig();
    const { databaseUrl } = settings;
    const checked = await checkBackup(typedPath(file), opening);
    const { head } = checked;
    const writeTo = options["keep-in"];
    const plan = planSecret(
      checked,
      givenSecrets(settings),
      options["without-secret"] ?? false,
      !databaseUrl || Boolean(writeTo),
    );
    if (plan.write !== undefined && databaseUrl && writeTo === undefined)
      throw new Refusal(keepWords("restore.nowhere"));
    progress(keepWords("restore.checked", { at: head.at, version: head.latchkey }));
    let secretPath: string | undefined;
    const keep = (folder: string | undefined) => {
      if (plan.write === undefined) return;
      secretPath = writeTo === undefined ? join(folder ?? "", "secret") : typedPath(writeTo);
      keepSecret(secretPath, plan.write);
    };
    const restored = await withTarget(keep, async (url) => {
      const reading = await readBackup(await readBackupFile(typedPath(file), opening));
      return restoreInto(url, reading, async (client) => {
        if (plan.inPlace !== undefined) await replaceLostSecret(client, plan.inPlace);
        // One that was ended since the backup must not come back to life.
        await client.query(`DELETE FROM "Session"`);
      });
    });
    const lines = Object.entries(restored).map(([table, sum]) =>
      keepWords("restore.table", { table, ...sum }),
    );
    const text = [
      ...lines,
      keepWords("restore.done", countsOf(restored)),
      ...(secretPath === undefined ? [] : [keepWords("restore.secretAt", { path: secretPath })]),
    ].join("\n");
    result({ at: head.at, tables: restored, secretFile: secretPath ?? null }, text);
    return 0;
  },
});
