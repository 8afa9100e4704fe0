import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { codeOf, StartError } from "./terminal";

/** The checkout's folder; true for server/*.ts and for the bundles in dist/ alike. */
export const checkout = join(import.meta.dirname, "..");

/** The version of this Latchkey. */
export function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
    version: unknown;
  };
  return String(version);
}

/** True for root, whom PostgreSQL refuses to run as. Never on Windows. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Where the data directory is, whether it exists or not; `openDataDirectory` says by which rule. */
export function dataDirectory(dataDir: string | undefined): string {
  if (dataDir) return resolve(checkout, dataDir);
  return isRoot() ? "/var/lib/latchkey" : join(checkout, ".latchkey");
}

/**
 * Finds or makes the folder that holds the secret and the embedded database: `LATCHKEY_DATA_DIR`, else
 * `.latchkey` in the checkout, else (as root, whose home no other user may enter) /var/lib/latchkey.
 *
 * @throws StartError when it cannot be made or written
 */
export function openDataDirectory(dataDir: string | undefined): string {
  const path = dataDirectory(dataDir);
  try {
    // As root, the user that runs PostgreSQL passes through to its own folder inside.
    if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    if (!statSync(path).isDirectory()) throw Object.assign(new Error("no folder"), { code: "ENOTDIR" });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** Whose a file or folder is, when it is another user's; undefined when it is this one's or cannot be told. */
export function foreignOwner(path: string): number | undefined {
  const user = process.getuid?.();
  if (user === undefined || user === 0) return undefined;
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  return owner === user ? undefined : owner;
}

function forbidden(path: string): string {
  try {
    const owner = foreignOwner(path);
    if (owner !== undefined)
      return `it belongs to the user with the id ${owner}, and Latchkey runs as ${process.getuid?.()}`;
  } catch {
    // What is above it may not be entered.
  }
  return "this user may not write there";
}

const inDataDirectory = "Mend that, or set LATCHKEY_DATA_DIR.";

/** One line for an operator about a file or folder: of the data directory, unless `advice` says what else to do. */
export function explainFileError(error: unknown, path: string, advice = inDataDirectory): StartError {
  const code = codeOf(error);
  const noFolder = "it, or something on the way to it, is not a folder";
  const reasons: Readonly<Record<string, string>> = {
    EACCES: forbidden(path),
    EPERM: forbidden(path),
    EROFS: "it is read-only",
    ENOTDIR: noFolder,
    EEXIST: noFolder,
    EISDIR: "it is a folder, not a file",
    ENOENT: "the folder that it is in does not exist, or a symbolic link leads nowhere",
    ELOOP: "symbolic links on the way to it lead in a circle",
    ENAMETOOLONG: "its name is too long",
  };
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(path, error);
  const reason = reasons[code] ?? (error instanceof Error ? error.message : "unknown error");
  return new StartError(`${path} cannot be used: ${reason}. ${advice}`, { cause: error });
}

/** The line for a full disk. */
export function diskFull(path: string, cause?: unknown): StartError {
  return new StartError(
    `the disk that holds ${path} is full. Free 200 MB or more and start again; no data is lost.`,
    { cause },
  );
}

/** A secret kept in a file, and whether this call made it. */
interface KeptSecret {
  readonly value: string;
  readonly path: string;
  readonly made: boolean;
}

/**
 * Reads a secret of the data directory; undefined when there is none.
 *
 * @throws StartError when the file is damaged or cannot be read
 */
export function readKeptSecret(dataDir: string, name: string): string | undefined {
  const path = join(dataDir, name);
  try {
    const value = readFileSync(path, "utf8").trim();
    if (value.length >= 32) return value;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw explainFileError(error, path);
  }
  throw new StartError(`${path} is damaged: it holds less than 32 characters. Restore it from a backup.`);
}

/** Makes a secret of the data directory from 32 random bytes, with mode 0600. @throws StartError */
function make(dataDir: string, name: string): KeptSecret {
  const path = join(dataDir, name);
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flush: true });
    // Fails when another process was first, which a rename would not.
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw explainFileError(error, path);
  } finally {
    rmSync(draft, { force: true });
  }
  const value = readKeptSecret(dataDir, name);
  if (value === undefined) throw new StartError(`${path} vanished while it was made. Start again.`);
  return { value, path, made: true };
}

/**
 * Reads a secret of the data directory, made once from 32 random bytes and kept with mode 0600.
 *
 * @throws StartError when the file is damaged or cannot be read or written
 */
export function keptSecret(dataDir: string, name: string): KeptSecret {
  const value = readKeptSecret(dataDir, name);
  return value === undefined ? make(dataDir, name) : { value, path: join(dataDir, name), made: false };
}
