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
import type { Told } from "@/lib/domain/told";
import { codeOf, StartError } from "./terminal";
import { failure } from "./words";

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

function forbidden(path: string): Told {
  try {
    const owner = foreignOwner(path);
    if (owner !== undefined) return failure("file.foreign", { owner, user: process.getuid?.() ?? "" });
  } catch {
    // What is above it may not be entered.
  }
  return failure("file.reason.forbidden");
}

function fileReason(error: unknown, path: string): Told | string {
  const code = codeOf(error);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return forbidden(path);
    case "ENOTDIR":
    case "EEXIST":
      return failure("file.reason.noFolder");
    case "EROFS":
    case "EISDIR":
    case "ENOENT":
    case "ELOOP":
    case "ENAMETOOLONG":
      return failure(`file.reason.${code}`);
    default:
      return error instanceof Error ? error.message : failure("unknown");
  }
}

/** One line for an operator about a file or folder: of the data directory, or of a backup that is written. */
export function explainFileError(error: unknown, path: string, of: "data" | "backup" = "data"): StartError {
  if (["ENOSPC", "EDQUOT"].includes(codeOf(error))) return diskFull(path, error);
  return new StartError(failure(`unusable.${of}`, { path, reason: fileReason(error, path) }), {
    cause: error,
  });
}

/** The line for a full disk. */
export function diskFull(path: string, cause?: unknown): StartError {
  return new StartError(failure("file.diskFull", { path }), { cause });
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
  throw new StartError(failure("file.shortSecret", { path }));
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
  if (value === undefined) throw new StartError(failure("file.vanished", { path }));
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
