import { spawn } from "node:child_process";
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

const oldest = [20, 19];

/** True when this version of Node.js, for example `20.19.0`, is new enough. */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

/** @throws SetupError in words when Node.js is too old */
export function checkNode() {
  if (isSupportedNode(process.versions.node)) return;
  throw new SetupError(
    `this is Node.js ${process.versions.node}, and Latchkey needs ${oldest.join(".")} or newer. ` +
      "Install a newer one from https://nodejs.org (or: nvm install 22) and try again.",
  );
}

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
