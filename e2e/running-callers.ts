import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CallerProgram, programFolder } from "./caller-programs";
import { expect } from "./fixtures";

/** A program that runs beside the browser, in a process and from an address of its own. */
export interface RunningCaller {
  readonly product: string;
  readonly address: string;
  /** What every answer was, as the program itself printed it. */
  answers(): readonly string[];
  /** Waits until it has begun and ended a call from now on. */
  called(): Promise<void>;
  /** Sends this from now on; empty: no token. */
  send(token: string): void;
  stop(): void;
}

/** Starts programs, and ends whatever still runs. */
export interface CallerProcesses {
  /** @param address where it calls from: any of 127.0.0.0/8, which are all this machine on Linux */
  start(program: CallerProgram, address: string, url: string, token?: string): RunningCaller;
  stopAll(): void;
}

/** Keeps the callers of one journey, and the files that their tokens are in. */
export function callerProcesses(): CallerProcesses {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-callers-"));
  const running = new Set<ChildProcess>();

  function start(program: CallerProgram, address: string, url: string, token = ""): RunningCaller {
    const { product, userAgent, command, args } = program;
    const file = join(folder, address);
    const send = (next: string) => {
      // In one step: nobody reads half a token.
      writeFileSync(`${file}.new`, next, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    };
    send(token);
    const env = { ...process.env, URL: url, ADDRESS: address, AGENT: userAgent, TOKEN_FILE: file };
    // A group of its own: the shell's curl ends with it.
    const child = spawn(command, [...args], {
      cwd: programFolder,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.add(child);
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const answers = () => text.split("\n").slice(0, -1);
    return {
      product,
      address,
      answers,
      async called() {
        // Two more: the first may have begun before.
        const wanted = answers().length + 2;
        await expect.poll(() => answers().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
      },
      send,
      stop: () => stop(child),
    };
  }

  function stop(child: ChildProcess): void {
    if (running.delete(child) && child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, "SIGKILL");
    }
  }

  return {
    start,
    stopAll() {
      for (const child of running) stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
