import { existsSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { inRoot, readStamp, writeStamp } from "./fingerprint.mjs";
import { announce, SetupError, tryCommand } from "./steps.mjs";

// Without windows to draw, the shell needs half the processor time of the others.
const names = [
  "chromium-headless-shell",
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

async function ofPlaywright() {
  const { chromium } = await import("@playwright/test");
  return chromium.executablePath();
}

async function installed() {
  return [...onPath(), ...elsewhere, await ofPlaywright()].find((path) => existsSync(path));
}

async function download() {
  await tryCommand(process.execPath, [inRoot("node_modules/playwright/cli.js"), "install", "chromium"]);
  return installed();
}

async function fromDebian(name) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const patience = ["-o", "Acquire::http::Timeout=30", "-o", "Acquire::https::Timeout=30"];
  await tryCommand("apt-get", ["update", ...patience], { env });
  const flags = ["-y", "--no-install-recommends", ...patience];
  return (await tryCommand("apt-get", ["install", ...flags, name], { env })).ok;
}

async function install() {
  const found = await installed();
  if (found && basename(found) === names[0]) return found;
  const shellComes = await fromDebian(names[0]);
  if (shellComes || found) return installed();
  return (await download()) ?? ((await fromDebian("chromium")) ? installed() : undefined);
}

function chromiumIsDue() {
  const known = readStamp("chromium");
  return !existsSync(known) || (process.env.CHROMIUM_PATH ?? known) !== known;
}

async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given)) throw new SetupError(`CHROMIUM_PATH names ${given}, which is not there.`);
  const path = given ?? (await announce("looking for a Chromium for the browser tests", install));
  if (!path) {
    throw new SetupError(
      "no Chromium was found and none could be installed. Install Chromium or Chrome, " +
        "or set CHROMIUM_PATH to its program, and run npm test again.",
    );
  }
  writeStamp("chromium", path);
}

/**
 * Finds a Chromium for the tests, or else installs one, and remembers where it is: when none has been found yet, it is
 * gone, or another one is asked for.
 */
export const chromium = { isDue: chromiumIsDue, run: findChromium };
