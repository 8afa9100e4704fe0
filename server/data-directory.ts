import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkout } from "./checkout";
import { codeOf, StartError } from "./start-error";

/** True for root, whom PostgreSQL refuses to run as. Never on Windows. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function chosen(dataDir: string | undefined): string {
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
  const path = chosen(dataDir);
  try {
    // As root, the user that runs PostgreSQL passes through to its own folder inside.
    if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    throw explainFileError(error, path);
  }
}

/** One line for an operator about a file or folder of the data directory. */
export function explainFileError(error: unknown, path: string): StartError {
  const code = codeOf(error);
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "this user may not write there",
    EPERM: "this user may not write there",
    EROFS: "it is read-only",
    ENOTDIR: "something on the way is not a folder",
    EEXIST: "something on the way is not a folder",
  };
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(path, error);
  const reason = reasons[code] ?? (error instanceof Error ? error.message : "unknown error");
  return new StartError(`${path} cannot be used: ${reason}. Mend that, or set LATCHKEY_DATA_DIR.`, {
    cause: error,
  });
}

/** The line for a full disk. */
export function diskFull(path: string, cause?: unknown): StartError {
  return new StartError(
    `the disk that holds ${path} is full. Free 200 MB or more and start again; no data is lost.`,
    { cause },
  );
}
