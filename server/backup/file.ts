import { createReadStream, createWriteStream } from "node:fs";
import { link, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import { createGunzip, createGzip } from "node:zlib";
import { Decrypter, Encrypter } from "age-encryption";
import { Refusal, UsageError } from "../command";
import { explainFileError } from "../folders";
import { syncFolder } from "../replace-file";
import { codeOf } from "../terminal";
import { keepWords } from "../words";
import { BackupError, cutOff, edited, noBackup } from "./form";

/** Whom a backup is encrypted for: a passphrase, or the public keys (`age1…`) of whoever may open it. */
export type Encryption = { readonly passphrase: string } | { readonly recipients: readonly string[] };

/** Checks whom a backup is for before anything is begun. @throws UsageError for a key that is none */
export function encrypterFor(encryption: Encryption): Encrypter {
  const encrypter = new Encrypter();
  if ("passphrase" in encryption) encrypter.setPassphrase(encryption.passphrase);
  else {
    for (const recipient of encryption.recipients) {
      try {
        encrypter.addRecipient(recipient);
      } catch {
        throw new UsageError(keepWords("backup.noRecipient", { recipient }));
      }
    }
  }
  return encrypter;
}

async function encrypted(stream: Readable, encrypter: Encrypter): Promise<Readable> {
  const web = Readable.toWeb(stream) as ReadableStream<Uint8Array>;
  return Readable.fromWeb((await encrypter.encrypt(web)) as unknown as WebStream);
}

async function compressed(
  content: AsyncIterable<Buffer>,
  encrypter: Encrypter | undefined,
): Promise<Readable> {
  const zipped = Readable.from(content).compose(createGzip());
  return encrypter ? encrypted(zipped, encrypter) : zipped;
}

/** What the system says of a file that is written, in words for an operator; anything else as it is. */
function explained(error: unknown, path: string): unknown {
  // A connection to the database is read from.
  const isOfFile =
    error instanceof Error && "syscall" in error && !["read", "connect"].includes(String(error.syscall));
  return isOfFile ? explainFileError(error, path, "backup") : error;
}

/**
 * Writes a backup to a file that appears whole or not at all, with mode 0600, and survives a power cut.
 *
 * @throws Refusal when there is such a file already
 */
export async function writeBackupFile(
  path: string,
  content: AsyncIterable<Buffer>,
  encrypter: Encrypter | undefined,
): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await pipeline(await compressed(content, encrypter), file.createWriteStream({ flush: true }));
    } finally {
      await file.close().catch(() => {});
    }
    // Fails when there is one, which a rename would not.
    await link(draft, path).catch((error: unknown) => {
      if (codeOf(error) === "EEXIST") throw new Refusal(keepWords("backup.exists", { path }));
      // Some file systems have no links.
      return rename(draft, path);
    });
    syncFolder(dirname(path));
  } catch (error) {
    throw explained(error, path);
  } finally {
    // Where its folder is none, nothing is there to be taken away.
    await rm(draft, { force: true }).catch(() => {});
  }
}

/** Writes a backup to standard output. */
export async function writeBackupOutput(
  content: AsyncIterable<Buffer>,
  encrypter: Encrypter | undefined,
): Promise<void> {
  const output = createWriteStream("", { fd: 1, autoClose: false });
  await pipeline(await compressed(content, encrypter), output).catch((error: unknown) => {
    throw explained(error, "/dev/stdout");
  });
}

/** What opens an encrypted backup. */
export interface Opening {
  readonly passphrase?: string | undefined;
  /** Secret keys (`AGE-SECRET-KEY-1…`). */
  readonly identities: readonly string[];
}

const marks = { encrypted: Buffer.from("age-encryption.org/"), compressed: Buffer.from([0x1f, 0x8b]) };

/** What a file holds, by its beginning. @throws BackupError for what is no backup, or only the beginning of one */
async function kindOf(path: string): Promise<keyof typeof marks> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
    const found = buffer.subarray(0, bytesRead);
    const kinds = Object.keys(marks) as (keyof typeof marks)[];
    const kind = kinds.find((each) => found.subarray(0, marks[each].length).equals(marks[each]));
    if (kind) return kind;
    const isBegun = kinds.some((each) => marks[each].subarray(0, bytesRead).equals(found));
    throw isBegun ? cutOff() : noBackup();
  } finally {
    await file.close();
  }
}

async function decrypted(file: Readable, { passphrase, identities }: Opening): Promise<Readable> {
  if (passphrase === undefined && identities.length === 0)
    throw new UsageError(keepWords("restore.needsOpening"));
  const decrypter = new Decrypter();
  if (passphrase !== undefined) decrypter.addPassphrase(passphrase);
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      throw new UsageError(keepWords("restore.noIdentity"));
    }
  }
  // Asked last: so the head can be read, and none of the others fits.
  let isForOthers = false;
  decrypter.addIdentity({
    unwrapFileKey() {
      isForOthers = true;
      return null;
    },
  });
  let opened: ReadableStream<Uint8Array>;
  try {
    opened = await decrypter.decrypt(Readable.toWeb(file) as ReadableStream<Uint8Array>);
  } catch (error) {
    file.destroy();
    throw isForOthers ? new Refusal(keepWords("restore.wrongOpening")) : sealBroken(error);
  }
  return Readable.fromWeb(opened as unknown as WebStream);
}

/** Authenticated encryption does not tell a part that is missing from one that was edited. */
const sealBroken = (cause: unknown) => new BackupError(keepWords("file.sealBroken"), { cause });

/**
 * Reads the content of a backup's file. Ends with a BackupError where it is cut off or edited.
 *
 * @throws Refusal when it is encrypted for somebody else; UsageError when nothing was given to open it with, or it cannot
 *   be read; BackupError for what is no backup, or cut off or edited in its head
 */
export async function readBackupFile(path: string, opening: Opening): Promise<AsyncIterable<Buffer>> {
  let kind: keyof typeof marks;
  try {
    kind = await kindOf(path);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new UsageError(keepWords("file.unreadable", { path, code: codeOf(error) }));
  }
  const file = createReadStream(path);
  const plain = kind === "encrypted" ? await decrypted(file, opening) : file;
  const output = new PassThrough();
  const done = pipeline(plain, createGunzip(), output);
  done.catch(() => {});
  return unzipped(output);
}

async function* unzipped(output: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const piece of output) yield piece as Buffer;
  } catch (error) {
    const code = codeOf(error);
    if (code === "Z_BUF_ERROR") throw cutOff();
    if (code.startsWith("Z_")) throw edited();
    throw error instanceof BackupError ? error : sealBroken(error);
  }
}
