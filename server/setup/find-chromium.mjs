import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { readStamp, writeStamp } from "./fingerprint.mjs";
import { inRoot } from "./paths.mjs";
import { tryCommand } from "./run-command.mjs";
import { announce, SetupError } from "./say.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
const elsewhere = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

function onPath() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name)));
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

async function fromDebian() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await tryCommand("apt-get", ["update"], env);
  await tryCommand("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], env);
  return installed();
}

/** True when no browser for the tests has been found yet, or it is gone, or another one is asked for. */
export function chromiumIsDue() {
  const known = readStamp("chromium");
  return !existsSync(known) || (process.env.CHROMIUM_PATH ?? known) !== known;
}

/** Finds a Chromium, or else installs one, and remembers where it is. */
export async function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && !existsSync(given)) throw new SetupError(`CHROMIUM_PATH names ${given}, which is not there.`);
  const path =
    given ??
    (await installed()) ??
    (await announce("installing Chromium for the browser tests", async () => {
      return (await download()) ?? (await fromDebian());
    }));
  if (!path) {
    throw new SetupError(
      "no Chromium was found and none could be installed. Install Chromium or Chrome, " +
        "or set CHROMIUM_PATH to its program, and run npm test again.",
    );
  }
  writeStamp("chromium", path);
}
