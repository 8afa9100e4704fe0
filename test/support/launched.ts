import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { databaseRole } from "@/server/embedded-postgres/initialise";
import { checkout } from "@/server/folders";
import { waitUntil } from "@/server/processes";
import { testEnvironment } from "./environment";

/** One of the programs in dist/, run by a test. */
export interface Launched {
  readonly child: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  /** Waits until it prints a match. @throws Error with what it printed instead */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for its end and gives its exit code. */
  ends(): Promise<number | null>;
}

const patienceMs = 60_000;
const launched = new Set<ChildProcess>();

/** Runs a program of dist/, or one elsewhere by its whole path, with the settings of tests, minus database and secret, plus the given ones. */
export function launch(program: string, env: Record<string, string>, args: readonly string[] = []): Launched {
  const child = spawn(process.execPath, [resolve(checkout, "dist", program), ...args], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      NODE_ENV: "production",
      ...testEnvironment(""),
      LATCHKEY_SECRET: "",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  launched.add(child);
  let text = "";
  const collect = (chunk: string) => {
    text += chunk;
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const closed = once(child, "close").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  return {
    child,
    output: () => text,
    async prints(pattern) {
      await waitUntil(() => pattern.test(text) || child.exitCode !== null, { withinMs: patienceMs });
      const match = pattern.exec(text);
      if (!match) throw new Error(`${program} did not print ${pattern}, but:\n${text}`);
      return match;
    },
    ends: () => closed,
  };
}

/** Starts Latchkey and waits until it is ready; returns its address too. */
export async function launchReady(env: Record<string, string>): Promise<Launched & { readonly url: string }> {
  const started = launch("start.js", env);
  const [, url = ""] = await started.prints(/is ready: (\S+)\n/);
  return { ...started, url };
}

/** Kills what a failed test left running. Databases and dashboards then end by themselves. */
export function killLaunched(): void {
  for (const child of launched) if (child.exitCode === null) child.kill("SIGKILL");
  launched.clear();
}

/** A new data directory that the user who runs PostgreSQL can reach, and how to remove it. */
export function newDataDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "latchkey-data-"));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The ids of all processes of the embedded server in a data directory (Linux only). */
export function serverProcesses(dataDir: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === join(dataDir, "postgres");
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The address of the embedded database that runs in a data directory. */
export function embeddedUrl(dataDir: string): string {
  const port = readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[3];
  const password = readFileSync(join(dataDir, "postgres-password"), "utf8").trim();
  return `postgresql://${databaseRole}:${password}@127.0.0.1:${port}/latchkey`;
}
