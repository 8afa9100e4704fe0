import { spawn } from "node:child_process";
import { root } from "./paths.mjs";
import { SetupError } from "./say.mjs";

const shownLines = 40;

/**
 * Runs a command in the checkout and collects what it prints.
 *
 * @returns `{ok, output}`; `ok` is false when it failed or could not be started
 */
export function tryCommand(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
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

/** @throws SetupError with the end of what a failed command printed, and what to do about it */
export function failed(what, output, advice) {
  const tail = output.trimEnd().split("\n").slice(-shownLines).join("\n");
  throw new SetupError(`${what}\n${tail}\n${advice}`);
}
