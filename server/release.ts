import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./command";
import { checkout } from "./folders";
import { pack, sha256Of } from "./release/archive";
import { releasableSource, type Source } from "./release/checks";
import { npm, run } from "./release/commands";
import { type ImageBuild, imageBuild, makeImage } from "./release/image";
import { releasedSbom } from "./release/sbom";
import { isStartError, print, printFailure, StartError } from "./terminal";

// `npm run release`: makes of the last commit, in a clone of its own, what is handed out. docs/contributing/release.md describes it.

const target = join(checkout, "dist-release");

/** Lays out, in a folder, what an image holds; the included database too. */
async function layOut(
  clone: string,
  folder: string,
  name: string,
  { revision, epoch }: Source,
): Promise<string> {
  const env = { NEXT_OUTPUT: "standalone", LATCHKEY_REVISION: revision, SOURCE_DATE_EPOCH: String(epoch) };
  await run(process.execPath, [join("server", "setup", "main.mjs"), "build"], { cwd: clone, env });
  const parts = join(folder, "parts");
  await run(process.execPath, [join("server", "setup", "image.mjs"), parts], { cwd: clone, env });
  const layout = join(folder, name);
  renameSync(join(parts, "latchkey"), layout);
  cpSync(join(parts, "postgresql"), layout, { recursive: true, verbatimSymlinks: true });
  return layout;
}

interface Made {
  /** Where the files are. */
  readonly folder: string;
  /** Their digests, by name. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Makes a release in a new folder: a clone of the commit is built there, and nothing else is used. */
async function make(folder: string, source: Source, build: ImageBuild | undefined): Promise<Made> {
  const { version, revision, epoch } = source;
  const clone = join(folder, "clone");
  const out = join(folder, "out");
  mkdirSync(out);
  print(`building ${version} (${revision.slice(0, 12)}) in ${folder} …`);
  await run("git", ["clone", "--quiet", "--no-checkout", checkout, clone], { cwd: folder });
  await run("git", ["checkout", "--quiet", "--detach", revision], { cwd: clone });
  const base = `latchkey-${version}-${process.platform}-${process.arch}`;
  const layout = await layOut(clone, folder, base, source);
  pack(folder, [base], epoch, join(out, `${base}.tar.gz`));
  const image = build && (await makeImage(clone, join(out, `${base}.image.tar`), source, build));
  const said = await npm(clone, "sbom", "--sbom-format=cyclonedx", "--loglevel=error");
  writeFileSync(join(out, `${base}.cdx.json`), releasedSbom(said, { ...source, root: clone, layout, image }));
  const digests = new Map<string, string>();
  for (const name of readdirSync(out).sort()) digests.set(name, await sha256Of(join(out, name)));
  const sums = [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join("");
  writeFileSync(join(out, "SHA256SUMS"), sums);
  return { folder: out, digests };
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-release-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds twice, in two folders, and compares. @throws StartError that names the files that differ */
async function check(source: Source, build: ImageBuild | undefined): Promise<void> {
  await withFolder((first) =>
    withFolder(async (second) => {
      const one = await make(first, source, build);
      const other = await make(second, source, build);
      for (const [name, digest] of one.digests) print(`${digest}  ${name}`);
      const differing = [...one.digests].filter(([name, digest]) => other.digests.get(name) !== digest);
      if (differing.length === 0) return print("a second build in another folder gave the same.");
      const names = differing.map(([name]) => name).join(", ");
      const kept = `${target}-differing`;
      for (const [at, made] of [one, other].entries())
        cpSync(made.folder, join(kept, String(at + 1)), { recursive: true });
      throw new StartError(`a second build in another folder differs: ${names}. Both are in ${kept}.`);
    }),
  );
}

async function main(): Promise<void> {
  const options = {
    base: { type: "string" },
    check: { type: "boolean" },
    "without-image": { type: "boolean" },
  } as const;
  let given: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    given = parseArgs({ options }).values;
  } catch {
    throw new UsageError(
      "npm run release knows --base IMAGE, --check and --without-image, and nothing else.",
    );
  }
  const source = releasableSource(checkout, { again: given.check === true });
  const build = given["without-image"] ? undefined : await imageBuild(checkout, given.base);
  print(
    build
      ? `the image is built by ${build.builder} on ${build.base}.`
      : "no image is made: neither podman nor docker works here, or none is wanted.",
  );
  if (given.check) return check(source, build);
  await withFolder(async (folder) => {
    const made = await make(folder, source, build);
    rmSync(target, { recursive: true, force: true });
    cpSync(made.folder, target, { recursive: true });
  });
  print(`made ${readdirSync(target).join(", ")} in ${target}. Sign SHA256SUMS, and tag v${source.version}.`);
}

try {
  await main();
} catch (error) {
  printFailure(error);
  process.exitCode = isStartError(error) ? error.exitCode : 70;
}
