import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { waitUntil } from "../wait";
import type { RunAs } from "./database-user";
import { postgresEnvironment } from "./explain";
import { readPostmasterFile } from "./postmaster-file";
import { watchOver } from "./watchdog";

/** How to run the server. */
export interface ServerOptions {
  readonly postgres: string;
  readonly cluster: string;
  readonly port: number;
  readonly user: RunAs;
  /** Settings beyond Latchkey's own, for example `{fsync: "off"}` in tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Gets each line the server prints. */
  readonly onLine: (line: string) => void;
}

/** A server that accepts connections. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Ends all connections and stops cleanly; `immediate` skips the clean part, which recovery makes good. */
  stop(how: "fast" | "immediate"): void;
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
 * Starts the server and waits until it accepts connections, however long recovery takes.
 *
 * @returns the server, or what it printed when it ended instead
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess | string> {
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
  await waitUntil(isReady, { withinMs: Number.POSITIVE_INFINITY, everyMs: 10 });
  if (over || pid === undefined) return printed;
  return { pid, ended, stop: (how) => child.kill(how === "fast" ? "SIGINT" : "SIGQUIT") };
}
