import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pinned } from "../machine/cores";

/** A program to run until it is stopped. */
export interface ChildSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Cores as taskset(1) takes them; null: any. */
  readonly cpus: string | null;
}

/** A running program. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  hasExited(): boolean;
  /** The end of what it printed. */
  tail(): string;
  /** Asks it to end, insists after the grace, and waits until it is gone. */
  stop(): Promise<void>;
}

const graceMs = 8000;
const tailLines = 8;

/** The only variables that children inherit, so that a developer's settings do not change a figure. */
export function childEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, NODE_ENV: "production", ...extra };
}

/** Ends a whole process group that this program made; servers have workers. */
function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/** Starts programs, and knows all that still run. */
export class Children {
  readonly #running = new Set<Child>();

  /** @param folder where their output goes */
  constructor(private readonly folder: string) {
    process.on("exit", () => this.killAll());
  }

  /** Starts a program in a process group of its own. */
  start(spec: ChildSpec): Child {
    const log = join(this.folder, `${spec.name}-${Date.now()}.log`);
    const output = openSync(log, "a", 0o600);
    const [command, args] = pinned(spec.cpus, spec.command, spec.args);
    const started = spawn(command, args, {
      cwd: this.folder,
      env: childEnvironment(spec.env),
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
    const child = this.#watch(spec.name, started, log);
    this.#running.add(child);
    return child;
  }

  #watch(name: string, started: ChildProcess, log: string): Child {
    const pid = started.pid ?? 0;
    let exited = pid === 0;
    const gone = new Promise<void>((resolve) => {
      const end = () => {
        exited = true;
        resolve();
      };
      started.on("exit", end).on("error", end);
    });
    const child: Child = {
      name,
      pid,
      hasExited: () => exited,
      tail: () => readFileSync(log, "utf8").trim().split("\n").slice(-tailLines).join("\n"),
      stop: async () => {
        if (!exited) started.kill("SIGTERM");
        const insist = setTimeout(() => killGroup(pid, "SIGKILL"), graceMs);
        await gone;
        clearTimeout(insist);
        if (pid > 0) killGroup(pid, "SIGKILL");
        this.#running.delete(child);
      },
    };
    return child;
  }

  /** Stops everything that still runs. */
  stopAll(): Promise<void> {
    return this.stopBut(null);
  }

  /** Stops everything that still runs but the child of that name. */
  async stopBut(name: string | null): Promise<void> {
    const rest = [...this.#running].filter((child) => child.name !== name);
    await Promise.all(rest.map((child) => child.stop()));
  }

  /** Ends everything at once, without waiting: for the last moment of this process. */
  killAll(): void {
    for (const child of this.#running) if (child.pid > 0) killGroup(child.pid, "SIGKILL");
    this.#running.clear();
  }
}
