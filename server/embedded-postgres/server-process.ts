import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Run } from "../keep-alive";
import { waitUntil } from "../processes";
import { explainPostgres, postgresEnvironment, type RunAs } from "./programs";

/** What a running server writes into `postmaster.pid` of its folder. */
interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** True once it accepts connections. */
  readonly ready: boolean;
}

/** Reads `postmaster.pid`; undefined when there is none or it is being written. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const [pid, port] = [Number(lines[0]), Number(lines[3])];
    return Number.isInteger(pid) && pid > 0 ? { pid, port, ready: lines[7]?.trim() === "ready" } : undefined;
  } catch {
    return undefined;
  }
}

// Waits for the end of its input, which comes when Latchkey ends in whatever way, kill -9 included. It
// stops the server only while postmaster.pid still names it: an id may have been reused.
const script = `
trap '' HUP INT TERM
read -r _
read -r pid < "$2/postmaster.pid" && [ "$pid" = "$1" ] && kill -INT "$1"
`;

/**
 * Starts a tiny process that stops the server when this process is gone. None on Windows, where the
 * next start stops it.
 */
function watchOver(pid: number, cluster: string, user: RunAs): ChildProcess | undefined {
  if (process.platform === "win32") return undefined;
  const child = spawn("/bin/sh", ["-c", script, "latchkey-watchdog", String(pid), cluster], {
    ...user,
    cwd: cluster,
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  child.unref();
  return child;
}

/** How to run the server. */
interface ServerOptions {
  readonly postgres: string;
  readonly cluster: string;
  readonly port: number;
  readonly user: RunAs;
  /** Settings beyond Latchkey's own, for example `{fsync: "off"}` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gets each line the server prints. */
  readonly onLine: (line: string) => void;
}

const ownSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  password_encryption: "scram-sha-256",
  log_min_messages: "warning",
  log_line_prefix: "",
  max_connections: "100",
  timezone: "UTC",
  log_timezone: "UTC",
};

function launch(options: ServerOptions): ChildProcess {
  const settings = { ...ownSettings, ...options.settings, port: String(options.port) };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawn(options.postgres, ["-D", options.cluster, ...flags], {
    ...options.user,
    cwd: options.cluster,
    env: postgresEnvironment,
    // A process group of its own: Ctrl-C is ours to pass on, once the dashboard is down.
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function eachLine(child: ChildProcess, onLine: (line: string) => void): void {
  let rest = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
}

/**
 * Starts the server. It is ready once it accepts connections, however long recovery takes; what it printed when it
 * ended instead is told as a StartError, and as a PassingError when trying again makes sense.
 */
export function startServer(options: ServerOptions): Run<void> {
  const child = launch(options);
  let printed = "";
  let over = false;
  eachLine(child, (line) => {
    printed = `${printed}${line}\n`.slice(-20_000);
    options.onLine(line);
  });
  const ended = once(child, "close").catch((error: unknown) => {
    printed += error instanceof Error ? error.message : String(error);
  });
  void ended.then(() => {
    over = true;
  });
  const pid = child.pid;
  const watchdog = pid === undefined ? undefined : watchOver(pid, options.cluster, options.user);
  void ended.then(() => watchdog?.kill("SIGKILL"));
  const isReady = () => {
    const file = readPostmasterFile(options.cluster);
    return over || (file?.pid === pid && file?.ready === true);
  };
  const ready = waitUntil(isReady, { withinMs: Number.POSITIVE_INFINITY, everyMs: 10 }).then(() => {
    if (over) throw explainPostgres(printed, dirname(options.cluster));
  });
  // Politely: all connections end and the data is tidied up. At once: the next start makes that good (recovery).
  return { ready, ended, stop: (mode) => child.kill(mode === "politely" ? "SIGINT" : "SIGQUIT") };
}
