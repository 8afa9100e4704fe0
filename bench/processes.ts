import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "@/server/folders";
import { pinned } from "./machine";
import { BenchError } from "./options";

/** A program to run until it is stopped. */
interface ChildSpec {
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
function childEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
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

/** A program that ends by itself. */
interface Job {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cpus: string | null;
  /** Text for its standard input. */
  readonly input?: string;
  /** It is ended when it takes longer. */
  readonly limitMs: number;
  /** Asks it to finish early, by SIGTERM. */
  readonly enough?: AbortSignal;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/**
 * Runs a program and returns what it printed on standard output.
 *
 * @throws BenchError when it cannot be started, fails, or takes too long
 */
export function runToEnd(job: Job): Promise<string> {
  const [command, args] = pinned(job.cpus, job.command, job.args);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: childEnvironment(job.env), stdio: "pipe" });
    running.add(child);
    const finish = () => child.kill("SIGTERM");
    job.enough?.addEventListener("abort", finish);
    const timer = setTimeout(() => child.kill("SIGKILL"), job.limitMs);
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      errors += chunk;
    });
    child.stdin.on("error", () => {}).end(job.input ?? "");
    const end = (failure: string | null) => {
      clearTimeout(timer);
      job.enough?.removeEventListener("abort", finish);
      running.delete(child);
      if (failure === null) resolve(output);
      else
        reject(new BenchError(`${job.command} ${failure} ${errors.trim().split("\n").at(-1) ?? ""}`.trim()));
    };
    child.on("error", (error) => end(`could not be started: ${error.message}`));
    child.on("close", (code, signal) => {
      end(code === 0 ? null : signal === null ? `failed (${code}).` : "took too long.");
    });
  });
}

/** A new folder for configurations and logs that vanishes with this process. */
export function makeTempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

const programs = { generate: "bench/load/generate.ts", servers: "bench/peers/servers.ts" } as const;

const folder = join(checkout, "dist", "bench");

/** Bundles the programs that run beside this one into plain JavaScript, as the product's own processes are. */
export async function buildPrograms(): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    absWorkingDir: checkout,
    entryPoints: programs,
    outdir: folder,
    bundle: true,
    // What one task alone needs is not loaded for the others.
    splitting: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
}

/** The path of a built program. */
export function programPath(name: keyof typeof programs): string {
  return join(folder, `${name}.js`);
}

/** Text of a file of /proc, or an empty one when the process has just ended. */
function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The fields of /proc/…/stat behind the name, which stands in parentheses and may hold spaces (proc(5)). */
function statFields(pid: string): readonly string[] {
  return readProc(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
}

/**
 * The processes of a group: a server together with its workers.
 *
 * @returns null where there is no /proc
 */
function processesOf(group: number): string[] | null {
  try {
    return readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && Number(statFields(pid)[2]) === group);
  } catch {
    return null;
  }
}

function residentKib(pid: string): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`))?.[1] ?? 0);
}

/**
 * Resident memory of a process group, in MB (10^6 bytes): a server together with its workers.
 *
 * @returns null where there is no /proc
 */
export function residentMb(group: number): number | null {
  const kib = (processesOf(group) ?? []).reduce((sum, pid) => sum + residentKib(pid), 0);
  return kib === 0 ? null : (kib * 1024) / 1e6;
}

/** The kernel reports processor time in hundredths of a second to every program (USER_HZ, proc(5)). */
const microsPerTick = 10_000;

/**
 * Processor time that a process group has used, in microseconds: a server together with its workers.
 *
 * @returns null where there is no /proc
 */
export function processorMicros(group: number): number | null {
  const pids = processesOf(group);
  if (pids === null || pids.length === 0) return null;
  const ticks = pids.map((pid) => {
    const fields = statFields(pid);
    return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * microsPerTick;
}
