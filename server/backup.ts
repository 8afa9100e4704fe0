import { type Encryption, encrypterFor, writeBackupFile, writeBackupOutput } from "./backup/file";
import { countsOf, withBackupOf } from "./backup/take";
import { defineCommand, UsageError } from "./command";
import { typedPath } from "./command-line";
import { withInstallation } from "./installation";
import { printPlain } from "./terminal";
import { keepWords } from "./words";

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
  async run({ options, operands, secret, result, json }) {
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
        toOutput
          ? writeBackupOutput(content, encrypter)
          : writeBackupFile(typedPath(file), content, encrypter),
      ),
    );
    const text = [
      keepWords("backup.done", { ...countsOf(sums), at: head.at, encrypted: encryption ? "yes" : "no" }),
      keepWords(withSecret ? "backup.withSecret" : "backup.withoutSecret"),
    ].join("\n");
    const value = { at: head.at, encrypted: encryption !== undefined, secret: withSecret, tables: sums };
    // Standard output has the backup itself.
    if (toOutput) printPlain(json ? JSON.stringify(value) : text, "stderr");
    else result(value, text);
    return 0;
  },
});
