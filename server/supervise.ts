import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { checkout } from "./folders";
import { backOff, isReport, waitUntil } from "./processes";
import { print, StartError } from "./terminal";

/** How to run a process of Latchkey. */
interface ChildOptions {
  /** As the person at the terminal knows it. */
  readonly name: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** An open file that takes what it prints; without one, our own output does. */
  readonly output?: number;
  /** How long it may take to end politely; longer than it waits itself for what it has in hand. */
  readonly patienceMs?: number;
}

/** A process that is started again whenever it ends by itself. */
export interface SupervisedChild {
  /** The port it listens on. @throws StartError when it says that it cannot work */
  readonly listening: Promise<number>;
  /** Asks it to finish what it has in hand and end; `at once` kills it. */
  stop(how: "politely" | "at once"): Promise<void>;
}

const usualPatienceMs = 12_000;

/** After this time a process counts as healthy and its earlier failures are forgotten. */
const healthyMs = 60_000;

function launch({ script, env, output = 1 }: ChildOptions): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", script], {
    env: { ...process.env, ...env },
    // A process group of its own: Ctrl-C is ours to pass on. It ends itself when we are gone.
    detached: true,
    stdio: ["ignore", output, output === 1 ? 2 : output, "ipc"],
  });
}

/** Runs a process and keeps it running. */
export function supervise(options: ChildOptions): SupervisedChild {
  const { promise: listening, resolve, reject } = deferred<number>();
  let stopping = false;
  let child = launch(options);
  let hasListened = false;
  const watch = (started: ChildProcess) => {
    started.on("message", (message) => {
      if (!isReport(message)) return;
      if (message.kind === "listening") {
        hasListened = true;
        resolve(message.port);
      } else if (hasListened) {
        print(message.message);
      } else {
        reject(new StartError(message.message));
      }
    });
  };
  const keepRunning = async () => {
    for (let failures = 0; ; failures++) {
      const started = performance.now();
      watch(child);
      await once(child, "exit").catch(reject);
      if (!hasListened) reject(new StartError(`the ${options.name} did not start; the lines above say why.`));
      if (stopping || !hasListened) return;
      if (performance.now() - started > healthyMs) failures = 0;
      print(`the ${options.name} ended by itself; starting it again.`);
      await sleep(backOff(failures));
      if (stopping) return;
      child = launch(options);
    }
  };
  const supervision = keepRunning();
  return {
    listening,
    async stop(how) {
      stopping = true;
      const stopped = child;
      const hasEnded = stopped.exitCode !== null || stopped.signalCode !== null;
      if (!hasEnded) stopped.kill(how === "politely" ? "SIGTERM" : "SIGKILL");
      const timer = setTimeout(() => stopped.kill("SIGKILL"), options.patienceMs ?? usualPatienceMs);
      await supervision;
      clearTimeout(timer);
    },
  };
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
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

/** Runs `next dev`, which watches the sources and restarts itself. */
export function superviseNextDev(
  port: number,
  host: string,
  env: Readonly<Record<string, string>>,
): SupervisedChild {
  const next = join(checkout, "node_modules/next/dist/bin/next");
  const flags = ["dev", "--port", String(port), "--hostname", host];
  const child = spawn(process.execPath, ["--max-http-header-size=65536", next, ...flags], {
    cwd: checkout,
    env: { ...process.env, ...env, NODE_ENV: "development", NEXT_TELEMETRY_DISABLED: "1" },
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  let over = false;
  const ended = once(child, "exit").then(() => {
    over = true;
  });
  const signal = (name: NodeJS.Signals) => {
    // The whole group: `next dev` runs its server in a process of its own.
    if (!over && child.pid !== undefined) process.kill(-child.pid, name);
  };
  const listening = waitUntil(async () => over || (await answers(port, host)), {
    withinMs: 60_000,
    everyMs: 100,
  }).then(() => {
    if (over) throw new StartError("next dev ended; the lines above say why.");
    return port;
  });
  listening.catch(() => {});
  return {
    listening,
    async stop(how) {
      signal(how === "politely" ? "SIGTERM" : "SIGKILL");
      const timer = setTimeout(() => signal("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}
