import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainFileError } from "./data-directory";
import { codeOf, StartError } from "./start-error";

/** A secret kept in a file, and whether this call made it. */
export interface KeptSecret {
  readonly value: string;
  readonly path: string;
  readonly made: boolean;
}

function readKept(path: string): string | undefined {
  try {
    const value = readFileSync(path, "utf8").trim();
    if (value.length >= 32) return value;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw explainFileError(error, path);
  }
  throw new StartError(`${path} is damaged: it holds less than 32 characters. Restore it from a backup.`);
}

function make(path: string): KeptSecret {
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
  const value = readKept(path);
  if (value === undefined) throw new StartError(`${path} vanished while it was made. Start again.`);
  return { value, path, made: true };
}

/**
 * Reads a secret of the data directory, made once from 32 random bytes and kept with mode 0600.
 *
 * @throws StartError when the file is damaged or cannot be read or written
 */
export function keptSecret(dataDir: string, name: string): KeptSecret {
  const path = join(dataDir, name);
  const value = readKept(path);
  return value === undefined ? make(path) : { value, path, made: false };
}
