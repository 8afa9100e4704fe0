import { type ChildProcess, spawn } from "node:child_process";
import { BenchError } from "../bench-error";
import { pinned } from "../machine/cores";
import { childEnvironment } from "./children";

/** A program that ends by itself. */
export interface Job {
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
