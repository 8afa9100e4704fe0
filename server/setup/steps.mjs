import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { root } from "./fingerprint.mjs";

/** Prints one line of progress. */
export function say(line) {
  process.stdout.write(`Latchkey: ${line}\n`);
}

/** A set-up step that cannot succeed; the message is one clear line that says what to do. */
export class SetupError extends Error {
  name = "SetupError";
}

/** Announces a piece of work, does it, and says how long it took. */
export async function announce(line, work) {
  const started = performance.now();
  say(`${line} …`);
  const result = await work();
  say(`  done in ${Math.max(1, Math.round((performance.now() - started) / 1000))} s`);
  return result;
}

const shownLines = 40;

/**
 * Runs a command in the checkout and collects what it prints.
 *
 * @returns `{ok, output}`; `ok` is false when it failed or could not be started
 */
export function tryCommand(command, args, { env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32" && !command.endsWith(".exe"),
    });
    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("close", (code) => resolve({ ok: code === 0, output }));
  });
}

/** Runs npm in a folder, with the flags that an installation by a program needs; as `tryCommand`. */
export function npm(cwd, ...args) {
  const flags = ["--ignore-scripts", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const path = process.env.npm_execpath;
  return path && existsSync(path) && /\.c?js$/.test(path)
    ? tryCommand(process.execPath, [path, ...args, ...flags], { cwd })
    : tryCommand("npm", [...args, ...flags], { cwd });
}

/** @throws SetupError with the end of what a failed command printed, and what to do about it */
export function failed(what, output, advice) {
  const tail = output.trimEnd().split("\n").slice(-shownLines).join("\n");
  throw new SetupError(`${what}\n${tail}\n${advice}`);
}
