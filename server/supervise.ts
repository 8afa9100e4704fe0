import { spawn } from "node:child_process";
import { connect } from "node:net";
import { join } from "node:path";
import { checkout } from "./folders";
import { endOf, type KeptAlive, keepAlive, type Run } from "./keep-alive";
import { waitUntil } from "./processes";
import { isStartError, printFailure, StartError } from "./terminal";
import { failure } from "./words";

/** What a program of Latchkey tells the process that started it. */
type Report =
  | { readonly kind: "listening"; readonly port: number }
  /** It cannot work until its operator mends something. */
  | { readonly kind: "failed"; readonly message: string };

/** Sends a report to the parent; does nothing when the program was started by hand. */
export function report(message: Report): void {
  process.send?.(message);
}

/**
 * Ends a process that could not start, with an exit code: what its operator can mend is told to the parent, else to the
 * person at the terminal.
 */
export function endFailed(error: unknown): void {
  const expected = isStartError(error);
  if (expected) report({ kind: "failed", message: error.message });
  if (!process.send || !expected) printFailure(error);
  // Not process.exit: the report must leave first.
  process.exitCode = expected ? error.exitCode : 1;
  process.disconnect?.();
}

/** Recognises a report among what a child sends. */
function isReport(message: unknown): message is Report {
  if (typeof message !== "object" || message === null || !("kind" in message)) return false;
  if (message.kind === "listening") return "port" in message && typeof message.port === "number";
  return message.kind === "failed" && "message" in message && typeof message.message === "string";
}

/** How to run a program of Latchkey. */
interface ProgramOptions {
  readonly name: "dashboard" | "gate";
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** An open file that takes what it prints; without one, our own output does. */
  readonly output?: number;
  /** How long it may take to end politely; longer than it waits itself for what it has in hand. */
  readonly patienceMs?: number;
}

function startProgram({ name, script, env, output = 1 }: ProgramOptions): Run<number> {
  const child = spawn(process.execPath, ["--enable-source-maps", script], {
    env: { ...process.env, ...env },
    // A process group of its own: Ctrl-C is ours to pass on. It ends itself when we are gone.
    detached: true,
    stdio: ["ignore", output, output === 1 ? 2 : output, "ipc"],
  });
  const ended = endOf(child);
  const ready = new Promise<number>((resolve, reject) => {
    child.on("message", (message) => {
      if (!isReport(message)) return;
      if (message.kind === "listening") resolve(message.port);
      else reject(new StartError(message.message));
    });
    void ended.then(() => reject(new StartError(failure("didNotStart", { process: name }))));
  });
  return { ready, ended, stop: (mode) => child.kill(mode === "politely" ? "SIGTERM" : "SIGKILL") };
}

/** Keeps a program of Latchkey running. It tells the port that it listens on. */
export function supervise(options: ProgramOptions): KeptAlive<number> {
  const { name, patienceMs = 12_000 } = options;
  return keepAlive({ name, start: () => startProgram(options), patienceMs });
}

function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host });
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Runs `next dev`, which watches the sources and makes its pages anew by itself. */
function startNextDev(port: number, host: string, env: Readonly<Record<string, string>>): Run<number> {
  const next = join(checkout, "node_modules/next/dist/bin/next");
  const flags = ["dev", "--port", String(port), "--hostname", host];
  const child = spawn(process.execPath, ["--max-http-header-size=65536", next, ...flags], {
    cwd: checkout,
    env: { ...process.env, ...env, NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  let over = false;
  const ended = endOf(child).then(() => {
    over = true;
  });
  const isReady = async () => over || (await answers(port, host));
  const ready = waitUntil(isReady, { withinMs: 60_000, everyMs: 100 }).then(() => {
    if (over) throw new StartError(failure("didNotStart", { process: "nextDev" }));
    return port;
  });
  return {
    ready,
    ended,
    stop(mode) {
      // The whole group: `next dev` runs its server in a process of its own.
      if (!over && child.pid !== undefined)
        process.kill(-child.pid, mode === "politely" ? "SIGTERM" : "SIGKILL");
    },
  };
}

/** Keeps `next dev` running on a port. */
export function superviseNextDev(
  port: number,
  host: string,
  env: Readonly<Record<string, string>>,
): KeptAlive<number> {
  return keepAlive({ name: "nextDev", start: () => startNextDev(port, host, env), patienceMs: 5000 });
}
