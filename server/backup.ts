import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { config } from "@/lib/config";
import { keysOf } from "@/lib/crypto/keys";
import { snapshot, withClient } from "./backup/database";
import { type Encryption, encrypterFor, writeBackupFile, writeBackupOutput } from "./backup/file";
import { type BackupHead, type TableSums, writeBackup } from "./backup/form";
import { defineCommand, UsageError } from "./command";
import { checkout } from "./folders";
import { withInstallation } from "./installation";
import { keepWords } from "./keep-words";

/** npm changes the folder; what was typed is meant from where it was typed. */
const typed = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path);

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
    version: unknown;
  };
  return String(version);
}

/** How many tables and rows there are. */
export function countsOf(sums: TableSums): { readonly tables: number; readonly rows: number } {
  const all = Object.values(sums);
  return { tables: all.length, rows: all.reduce((count, { rows }) => count + rows, 0) };
}

/** The secrets that a backup brings, the one of its data first. @throws UsageError when that one is not known here */
function secretsFor(secretId: string | null): readonly string[] {
  let given: readonly string[] = [];
  try {
    given = config().secrets();
  } catch {
    // Said below.
  }
  const [first] = secretId === null ? given : given.filter((secret) => keysOf(secret).id === secretId);
  if (first === undefined) throw new UsageError(keepWords("backup.noSecret"));
  return [first, ...given.filter((secret) => secret !== first)];
}

/**
 * Reads a whole database at one moment as the content of a backup.
 *
 * @param use gets the content, which has to be read to its end
 * @returns what it was, and the sums of its tables
 */
export function withBackupOf(
  databaseUrl: string,
  withSecret: boolean,
  use: (content: AsyncIterable<Buffer>) => Promise<void>,
): Promise<{ readonly head: BackupHead; readonly sums: TableSums }> {
  return withClient(databaseUrl, async (client) => {
    const { head: of, tables } = await snapshot(client);
    const secrets = withSecret ? [...secretsFor(of.secretId)] : null;
    const head = { latchkey: ownVersion(), at: new Date().toISOString(), ...of, secrets };
    let sums: TableSums = {};
    await use(
      (async function* () {
        sums = yield* writeBackup(head, tables);
      })(),
    );
    return { head, sums };
  });
}

export const command = defineCommand({
  name: "backup",
  operands: "FILE",
  json: true,
  options: {
    recipient: { type: "string", multiple: true, value: "KEY" },
    "with-secret": { type: "boolean" },
    "without-secret": { type: "boolean" },
  },
  secrets: { passphrase: { environment: "LATCHKEY_BACKUP_PASSPHRASE" } },
  async run({ options, operands, secret, result, json, progress }) {
    const [file, ...more] = operands;
    if (file === undefined || more.length > 0) throw new UsageError(keepWords("backup.oneFile"));
    const { recipient: recipients = [], "with-secret": isWith, "without-secret": isWithout } = options;
    const passphrase = await secret("passphrase");
    if (passphrase !== undefined && recipients.length > 0) throw new UsageError(keepWords("backup.twoWays"));
    if (isWith && isWithout) throw new UsageError(keepWords("backup.both"));
    let encryption: Encryption | undefined;
    if (passphrase !== undefined) encryption = { passphrase };
    else if (recipients.length > 0) encryption = { recipients };
    if (!(encryption || isWith || isWithout)) throw new UsageError(keepWords("backup.choose"));
    const toOutput = file === "-";
    if (toOutput && process.stdout.isTTY) throw new UsageError(keepWords("backup.noTerminal"));
    const encrypter = encryption && encrypterFor(encryption);
    const withSecret = isWith ?? !isWithout;
    const { head, sums } = await withInstallation(({ databaseUrl }) =>
      withBackupOf(databaseUrl, withSecret, (content) =>
        toOutput ? writeBackupOutput(content, encrypter) : writeBackupFile(typed(file), content, encrypter),
      ),
    );
    const text = [
      keepWords("backup.done", { ...countsOf(sums), at: head.at, encrypted: encryption ? "yes" : "no" }),
      keepWords(withSecret ? "backup.withSecret" : "backup.withoutSecret"),
    ].join("\n");
    const value = { at: head.at, encrypted: encryption !== undefined, secret: withSecret, tables: sums };
    // Standard output has the backup itself.
    if (toOutput) process.stderr.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    else result(value, text);
    void progress;
    return 0;
  },
});
