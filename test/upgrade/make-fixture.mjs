// Makes the fixture of the previous version: `node test/upgrade/make-fixture.mjs COMMIT`, once after each release. It
// builds that commit in a folder of its own, uses it as people do, and keeps its data directory and its gate.
import { execFileSync, spawn } from "node:child_process";
import { cpSync, createWriteStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { constants, createZstdCompress } from "node:zlib";
import { chromium, expect } from "@playwright/test";
import { TOTP } from "otpauth";

const [commit, built] = process.argv.slice(2);
if (!commit) throw new Error("say which commit the previous version is");
const here = import.meta.dirname;
const folder = built ?? mkdtempSync(join(tmpdir(), "latchkey-previous-"));
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });

if (!built) {
  execFileSync("sh", ["-c", `git -C "${join(here, "..", "..")}" archive ${commit} | tar -x -C "${folder}"`]);
  run("npm", "run", "build");
}

const kept = mkdtempSync(join(tmpdir(), "latchkey-fixture-"));
execFileSync("chmod", ["711", kept]);
const data = join(kept, "data");
const server = spawn(process.execPath, ["server/setup/main.mjs", "start"], {
  cwd: folder,
  env: { ...process.env, LATCHKEY_DATA_DIR: data, PORT: "7259", REGISTRATION: "open" },
  stdio: ["ignore", "pipe", "inherit"],
});
const url = await new Promise((resolve) => {
  let said = "";
  server.stdout.on("data", (piece) => {
    said += piece;
    const ready = /is ready: (\S+)\n/.exec(said);
    if (ready) resolve(ready[1]);
  });
});

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH, args: ["--no-sandbox"] });

async function account(name, email, password) {
  const page = await browser.newPage({ baseURL: url });
  await page.goto("/register");
  await page.getByLabel("Account name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/\/overview$/);
  return page;
}

async function instance(page, name) {
  await page.goto("/instances");
  await page.getByRole("button", { name: "New instance" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await dialog.getByRole("button", { name: "Create instance" }).click();
  await page.getByRole("button", { name: "Reveal" }).click();
  const text = await page
    .getByText(/\/token\/[0-9A-Za-z]{32}/)
    .first()
    .textContent();
  return new URL(/https?:\/\/\S+?\/token\/[0-9A-Za-z]{32}/.exec(text)[0]).pathname;
}

async function newToken(page) {
  const field = page.getByLabel("Account security token", { exact: true });
  await expect(field).toHaveValue(/^lkc_/);
  const token = await field.inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  return token;
}

async function activate(page) {
  await page.goto("/security");
  await page.getByRole("button", { name: "Activate Token" }).click();
  const dialog = page.getByRole("dialog");
  await sleep(2000);
  const asked = dialog.getByText("To activate everywhere all the same").locator("b");
  if (await asked.isVisible()) await dialog.getByRole("textbox").fill(await asked.textContent());
  await dialog.getByRole("button", { name: "Activate", exact: true }).click();
  await page.getByText("Active", { exact: true }).first().waitFor();
}

const call = (target, token, agent) =>
  fetch(`${url}${target}/send`, {
    headers: { "user-agent": agent, ...(token && { "client-token": token }) },
  });

const owner = { email: "harbour@example.com", password: "violet harbour of the night orders" };
const other = { email: "quay@example.com", password: "amber quay where parcels wait" };
const first = await account("Harbour Orders", owner.email, owner.password);
const night = await instance(first, "Night orders");
const morning = await instance(first, "Morning orders");
await first.goto("/security");
await first.getByRole("button", { name: "Configure now" }).click();
const old = await newToken(first);
await call(night, old, "harbour-bot/1.0");
await activate(first);
await first.getByRole("button", { name: "Rotate token" }).click();
await first.getByLabel("Overlap").selectOption("open");
await first.getByRole("button", { name: "Rotate", exact: true }).click();
const token = await newToken(first);
for (let at = 0; at < 20; at++) await call(night, at % 5 === 0 ? undefined : token, "harbour-bot/1.1");
await first.goto("/settings");
const card = first.getByRole("region", { name: "Two-step sign-in" });
await card.getByRole("button", { name: "Set up" }).click();
const dialog = first.getByRole("dialog");
const seed = (await dialog.getByLabel("Or type this key").inputValue()).replaceAll(" ", "");
await dialog.getByLabel("Code from the app").fill(new TOTP({ secret: seed }).generate());
await dialog.getByRole("button", { name: "Turn on" }).click();
const codes = dialog.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
await codes.first().waitFor();
const recoveryCodes = await codes.allTextContents();
await dialog.getByRole("button", { name: "Done" }).click();

const second = await account("Quay Deliveries", other.email, other.password);
const parcels = await instance(second, "Parcels");
await second.goto("/security");
await second.getByRole("button", { name: "Configure now" }).click();
const parcelsToken = await newToken(second);
for (let at = 0; at < 5; at++) await call(parcels, at % 2 ? parcelsToken : undefined, "quay-bot/2.0");
// What was counted is written within seconds.
await sleep(8000);
await browser.close();
server.kill("SIGTERM");
await new Promise((resolve) => server.on("close", resolve));

for (const name of readdirSync(join(folder, "dist")).filter((name) => /^(?:gate.*|output)\.js$/.test(name)))
  cpSync(join(folder, "dist", name), join(kept, "dist", name));
const facts = {
  commit,
  owner: { ...owner, seed, recoveryCodes },
  other,
  night,
  morning,
  parcels,
  token,
  old,
  parcelsToken,
};
writeFileSync(join(kept, "facts.json"), `${JSON.stringify(facts, null, 2)}\n`);
const tar = spawn("tar", ["-c", "--sort=name", "--owner=0", "--group=0", "-C", kept, "."], {
  stdio: ["ignore", "pipe", "inherit"],
});
const { ZSTD_c_compressionLevel: level, ZSTD_c_windowLog: window } = constants;
await pipeline(
  tar.stdout,
  createZstdCompress({ params: { [level]: 19, [window]: 27 } }),
  createWriteStream(join(here, "previous.tar.zst")),
);
rmSync(kept, { recursive: true });
if (!built) rmSync(folder, { recursive: true });
