import { execFile, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pinned } from "./machine";
import { BenchError } from "./options";

/** A program to run until it is stopped. */
export interface ProgramSpec {
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
const environment = (extra: ProgramSpec["env"] = {}): NodeJS.ProcessEnv => {
  return { PATH: process.env.PATH, NODE_ENV: "production", ...extra };
};

/** Ends a whole process group that this program made; servers have workers. */
function killGroup(pid: number): void {
  try {
    if (pid > 0) process.kill(-pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}

/** Starts programs, and knows all that still run. */
export class Children {
  readonly #running = new Set<Child>();

  /** @param folder where their output goes */
  constructor(private readonly folder: string) {
    process.on("exit", () => {
      for (const { pid } of this.#running) killGroup(pid);
    });
  }

  /** Starts a program in a process group of its own. */
  start(spec: ProgramSpec): Child {
    const log = join(this.folder, `${spec.name}-${Date.now()}.log`);
    const output = openSync(log, "a", 0o600);
    const [command, args] = pinned(spec.cpus, spec.command, spec.args);
    const started = spawn(command, args, {
      cwd: this.folder,
      env: environment(spec.env),
      detached: true,
      stdio: ["ignore", output, output],
    });
    closeSync(output);
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
      name: spec.name,
      pid,
      hasExited: () => exited,
      tail: () => readFileSync(log, "utf8").trim().split("\n").slice(-tailLines).join("\n"),
      stop: async () => {
        if (!exited) started.kill("SIGTERM");
        const insist = setTimeout(() => killGroup(pid), graceMs);
        await gone;
        clearTimeout(insist);
        killGroup(pid);
        this.#running.delete(child);
      },
    };
    this.#running.add(child);
    return child;
  }

  /** Stops everything that still runs, but the child of that name. */
  async stopAll(but?: string): Promise<void> {
    await Promise.all([...this.#running].filter(({ name }) => name !== but).map((child) => child.stop()));
  }
}

/**
 * Runs a program to its end and returns what it printed on standard output.
 *
 * @throws BenchError when it cannot be started, fails, or takes longer than the limit
 */
export function runToEnd(command: string, args: readonly string[], limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env: environment(), timeout: limitMs }, (error, output, errors) => {
      if (error === null) return resolve(output);
      const how = error.killed ? "took too long" : (errors.trim().split("\n").at(-1) ?? error.message);
      reject(new BenchError(`${command} failed: ${how}`));
    });
  });
}

/** Text of a file of /proc, or an empty one when the process has just ended. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** The fields of /proc/…/stat behind the name, which stands in parentheses and may hold spaces (proc(5)). */
const statFields = (pid: string) => readProc(pid, "stat").split(") ").at(-1)?.split(" ") ?? [];

/** The processes of a group, a server together with its workers; none where there is no /proc. */
function processesOf(group: number): string[] {
  try {
    return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && Number(statFields(pid)[2]) === group);
  } catch {
    return [];
  }
}

function sumOf(group: number, figure: (pid: string) => number): number {
  const pids = processesOf(group);
  return pids.length === 0 ? Number.NaN : pids.reduce((sum, pid) => sum + figure(pid), 0);
}

/**
 * Memory of a process group in MB (10^6 bytes): the sum of the proportional set sizes of a server and all its
 * workers, so that a page that several of them share counts once. NaN where there is no /proc.
 */
export function memoryMb(group: number): number {
  const kib = sumOf(group, (pid) =>
    Number(/^Pss:\s*(\d+) kB$/m.exec(readProc(pid, "smaps_rollup"))?.[1] ?? 0),
  );
  return (kib * 1024) / 1e6;
}

/** The kernel reports processor time in hundredths of a second to every program (USER_HZ, proc(5)). */
const msPerTick = 10;

/** Processor time that a process group has used, in milliseconds; NaN where there is no /proc. */
export function processorMs(group: number): number {
  return sumOf(group, (pid) => {
    const fields = statFields(pid);
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * msPerTick;
  });
}
