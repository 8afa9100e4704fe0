import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { diskFull, explainFileError } from "../folders";
import { StartError } from "../terminal";
import { type Binaries, canEnter, type RunAs } from "./programs";

/** The only environment PostgreSQL gets: its messages stay English and no PG… variable interferes. */
export const postgresEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: process.env.NODE_ENV,
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  LC_ALL: "C",
};

/** Turns what a PostgreSQL program printed before it gave up into one line for an operator. */
export function explainPostgres(output: string, dataDir: string): StartError {
  // PostgreSQL has no error codes on stderr; these are strerror(3) and its own texts under LC_ALL=C.
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(dataDir);
  if (/shared memory segment.*No space|could not resize shared memory/.test(output)) {
    return new StartError("PostgreSQL lacks shared memory: give this container more (--shm-size=256m).");
  }
  if (output.includes("could not look up effective user ID")) {
    return new StartError(
      "PostgreSQL wants to run as a user with a name: add this one to /etc/passwd, or set DATABASE_URL.",
    );
  }
  const lines = output.trim().split("\n");
  const said = lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? "";
  const text = said.replace(/^.*?(FATAL|PANIC|error):\s*/, "");
  return new StartError(`PostgreSQL could not start in ${dataDir}: ${text || "it said nothing"}.`);
}

/** The embedded server's only role: its superuser. */
export const databaseRole = "latchkey";

function checkVersion(cluster: string, binaries: Binaries): void {
  const found = Number.parseInt(readFileSync(join(cluster, "PG_VERSION"), "utf8"), 10);
  if (found === binaries.major) return;
  throw new StartError(
    `${cluster} was made by PostgreSQL ${found}, and this Latchkey brings ${binaries.major}. ` +
      "Move the data with pg_dump and DATABASE_URL, or set LATCHKEY_DATA_DIR to another folder.",
  );
}

function own(path: string, user: RunAs): void {
  if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
}

function runInitdb(
  binaries: Binaries,
  draft: string,
  passwordFile: string,
  user: RunAs,
): Promise<string | null> {
  const child = spawn(
    binaries.initdb,
    [
      `--pgdata=${draft}`,
      `--username=${databaseRole}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      // Sorting must not change when the system's C library does.
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
    ],
    { ...user, cwd: draft, env: postgresEnvironment, stdio: ["ignore", "ignore", "pipe"] },
  );
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0 ? null : output));
  });
}

/**
 * Makes the database cluster once. It appears whole or not at all, so one cut short is made anew.
 *
 * @returns its folder
 * @throws StartError for a full disk, an unreachable folder, or a cluster of another major version
 */
export async function initialise(
  binaries: Binaries,
  dataDir: string,
  password: string,
  user: RunAs,
): Promise<string> {
  const cluster = join(dataDir, "postgres");
  if (!canEnter(user, dataDir)) {
    throw new StartError(
      `the user "postgres" cannot enter ${dataDir}: set LATCHKEY_DATA_DIR to a folder open to it, or chmod a+x.`,
    );
  }
  if (existsSync(join(cluster, "PG_VERSION"))) {
    checkVersion(cluster, binaries);
    return cluster;
  }
  const draft = join(dataDir, "postgres.new");
  const passwordFile = join(dataDir, "postgres.pw");
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    own(draft, user);
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    own(passwordFile, user);
    const failure = await runInitdb(binaries, draft, passwordFile, user).finally(() =>
      rmSync(passwordFile, { force: true }),
    );
    if (failure !== null) throw explainPostgres(failure, dataDir);
    renameSync(draft, cluster);
    return cluster;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error instanceof StartError ? error : explainFileError(error, cluster);
  }
}
