import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { StartError } from "../terminal";

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command and gives back what it prints. @throws StartError with the end of that, when it fails */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: RunOptions,
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (piece) => (output += piece));
  child.stderr.setEncoding("utf8").on("data", (piece) => (errors += piece));
  const [code] = await once(child, "close").catch((error) => [String(error)]);
  if (code === 0) return output;
  const tail = `${output}${errors}`.trimEnd().split("\n").slice(-30).join("\n");
  throw new StartError(`${command} ${args[0]} failed (${code}):\n${tail}`);
}

/** Whether a command ends well. */
export const works = (cwd: string, command: string, ...args: string[]) =>
  run(command, args, { cwd }).then(
    () => true,
    () => false,
  );

/** Runs the npm that runs this program, else the one on the PATH; as `run`. */
export const npm = (cwd: string, ...args: string[]) => {
  const path = process.env.npm_execpath;
  return path && /\.c?js$/.test(path) && existsSync(path)
    ? run(process.execPath, [path, ...args], { cwd })
    : run("npm", args, { cwd });
};
