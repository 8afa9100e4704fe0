import { spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { explainFileError, keptSecret, readKeptSecret } from "../folders";
import { StartError } from "../terminal";
import { failure } from "../words";
import { type Binaries, canEnter, explainPostgres, postgresEnvironment, type RunAs } from "./programs";

/** The embedded server's only role: its superuser. */
export const databaseRole = "latchkey";

const damaged = (cluster: string) => new StartError(failure("postgres.damaged", { path: cluster }));

function checkVersion(cluster: string, binaries: Binaries): void {
  const found = Number.parseInt(readFileSync(join(cluster, "PG_VERSION"), "utf8"), 10);
  if (found === binaries.major) return;
  if (Number.isNaN(found)) throw damaged(cluster);
  throw new StartError(failure("postgres.otherVersion", { path: cluster, found, included: binaries.major }));
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

const databasePassword = "postgres-password";

/** The password of a cluster that is there. @throws StartError where it is gone: a new one would not open it */
export function passwordOf(dataDir: string): string {
  const password = readKeptSecret(dataDir, databasePassword);
  if (password !== undefined) return password;
  throw new StartError(failure("postgres.noPassword", { path: join(dataDir, databasePassword) }));
}

/**
 * Makes the database cluster once. It appears whole or not at all, so one cut short is made anew.
 *
 * @returns its folder
 * @throws StartError for a full disk, an unreachable folder, or a cluster of another major version
 */
export async function initialise(binaries: Binaries, dataDir: string, user: RunAs): Promise<string> {
  const cluster = join(dataDir, "postgres");
  if (!canEnter(user, dataDir)) {
    throw new StartError(failure("postgres.cannotEnter", { path: dataDir }));
  }
  if (existsSync(join(cluster, "PG_VERSION"))) {
    checkVersion(cluster, binaries);
    return cluster;
  }
  const draft = join(dataDir, "postgres.new");
  const passwordFile = join(dataDir, "postgres.pw");
  try {
    if (existsSync(cluster) && readdirSync(cluster).length > 0) throw damaged(cluster);
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    own(draft, user);
    const { value: password } = keptSecret(dataDir, databasePassword);
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
