import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname } from "node:path";
import { inRoot } from "./fingerprint.mjs";
import { announce, failed, npm, SetupError } from "./steps.mjs";

/**
 * The oldest release of each supported line: the first one without a weakness that server/doctor/advisories.json knows.
 * A gate takes requests from anybody, so it does not start on others; a test holds this, `engines` and that list together.
 */
const oldest = { 22: [23, 4], 24: [22, 1], 26: [12, 1] };
/** The same, for people. */
export const supportedNode = "22.23.4, 24.22.1, 26.12.1";

/** True when Latchkey runs on this version of Node.js, for example `26.12.1`. Odd lines never last. */
export function isSupportedNode(version) {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  if (major > 26) return true;
  const [oldestMinor, oldestPatch] = oldest[major] ?? [Number.POSITIVE_INFINITY, 0];
  return minor > oldestMinor || (minor === oldestMinor && patch >= oldestPatch);
}

/** True when Latchkey can run on this version at all: a weak release of a supported line runs, and doctor tells of it. */
export function isSupportedLine(version) {
  const [major = ""] = version.split(".");
  return Number(major) > 26 || Object.hasOwn(oldest, major);
}

const folder = inRoot("server", "setup", "runtime");
const packageName = `node-${process.platform}-${process.arch}`;
const binary = inRoot("server", "setup", "runtime", "node_modules", packageName, "bin", "node");

function versionIn(...parts) {
  try {
    return JSON.parse(readFileSync(inRoot("server", "setup", "runtime", ...parts), "utf8"));
  } catch {
    return undefined;
  }
}

const wanted = () => versionIn("package.json")?.optionalDependencies?.[packageName];
const isInstalled = () =>
  existsSync(binary) && versionIn("node_modules", packageName, "package.json")?.version === wanted();

/** Node.js has a binary for this system: its libraries are those of glibc, not of musl. */
const isAvailable = () =>
  wanted() !== undefined && process.report.getReport().header.glibcVersionRuntime !== undefined;

/**
 * Brings a current Node.js along, where the one that runs is too old: into this folder alone, once.
 *
 * @returns the path of its binary
 * @throws SetupError in words where there is none for this system, or it does not run
 */
async function bringNode() {
  const here = `this is Node.js ${process.versions.node}, and Latchkey needs ${supportedNode} or newer`;
  const advice = "Install one from https://nodejs.org (or: nvm install 26) and try again.";
  if (!isAvailable()) throw new SetupError(`${here}. ${advice}`);
  if (isInstalled()) return binary;
  await announce(`${here}; bringing Node.js ${wanted()} along, for this folder alone`, async () => {
    const result = await npm(folder, "ci");
    if (!result.ok)
      failed("npm could not install Node.js:", result.output, `Check the network, or: ${advice}`);
  });
  const { status, stderr, error } = spawnSync(binary, ["--version"], { encoding: "utf8" });
  if (status !== 0) {
    const missing = "Where libatomic is missing: apt-get install libatomic1.";
    failed("the Node.js that was brought along does not run:", stderr || String(error), missing);
  }
  return binary;
}

const passedOn = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs this same command on another Node.js and ends as it ends. Signals are passed on. The channel tells the
 * other that this process is gone, which a SIGKILL does not.
 */
async function runOn(node) {
  const path = [dirname(node), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(node, process.argv.slice(1), {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, PATH: path, npm_node_execpath: node },
  });
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once("error", reject).once("exit", (...how) => resolve(how));
  });
  process.exitCode = code ?? 128 + constants.signals[signal];
}

/**
 * Sees to it that a supported Node.js runs.
 *
 * @param whileBringing takes the checkout's lock around the installation
 * @returns true when this process is one; false when another did the whole work and this one may end
 */
export async function onSupportedNode(whileBringing) {
  if (isSupportedNode(process.versions.node)) {
    endWithParent();
    return true;
  }
  await runOn(isInstalled() ? binary : await whileBringing(bringNode));
  return false;
}

/** Ends as on SIGTERM when the process that handed over is gone. */
function endWithParent() {
  if (!process.channel) return;
  // By it, programs know that another program of Latchkey watches over them; this is none.
  process.send = undefined;
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
