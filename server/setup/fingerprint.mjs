import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's folder, whatever the current one is. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The absolute path of something in the checkout. */
export function inRoot(...parts) {
  return join(root, ...parts);
}

const isTest = /\.test\.tsx?$/;

function* filesUnder(path) {
  let entries;
  try {
    entries = readdirSync(inRoot(path), { withFileTypes: true });
  } catch (error) {
    if (error.code === "ENOTDIR") yield path;
    else if (error.code !== "ENOENT") throw error;
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    // A folder may have packages of its own; their lock file says what they are.
    if (entry.name === "node_modules") continue;
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(inner);
    else if (!isTest.test(entry.name)) yield inner;
  }
}

/** A digest of the names and contents of files and folders of the checkout. Tests do not count. */
export function fingerprint(paths) {
  const hash = createHash("sha256").update(process.platform + process.arch);
  for (const path of paths) {
    for (const file of filesUnder(path)) {
      hash.update(`\0${file}\0`).update(
        createHash("sha256")
          .update(readFileSync(inRoot(file)))
          .digest(),
      );
    }
  }
  return hash.digest("hex");
}

// In node_modules on purpose: a fresh installation makes everything built with the old one due again.
const stampPath = (name) => inRoot("node_modules", ".latchkey", name);

/** What `writeStamp` last wrote, or an empty text. */
export function readStamp(name) {
  try {
    return readFileSync(stampPath(name), "utf8");
  } catch {
    return "";
  }
}

/** Remembers that a step is done. Written whole or not at all. */
export function writeStamp(name, text) {
  const path = stampPath(name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}

/** Forgets a step, so that one killed half-way is done again. */
export function clearStamp(name) {
  rmSync(stampPath(name), { force: true });
}
