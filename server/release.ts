import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "./command";
import { checkout } from "./folders";
import { compress, pack, sha256Of } from "./release/archive";
import { releasableSource, type Source } from "./release/checks";
import { releasedSbom } from "./release/sbom";
import { isStartError, print, printFailure, StartError } from "./terminal";

// `npm run release`: makes of the last commit, in a clone of its own, what is handed out. docs/contributing/release.md describes it.

const target = join(checkout, "dist-release");

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command and gives back what it prints. @throws StartError with the end of that, when it fails */
async function run(command: string, args: readonly string[], { cwd, env = {} }: RunOptions): Promise<string> {
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

const works = (command: string, ...args: string[]) =>
  run(command, args, { cwd: checkout }).then(
    () => true,
    () => false,
  );

const npm = (cwd: string, ...args: string[]) => {
  const path = process.env.npm_execpath;
  return path && /\.c?js$/.test(path) && existsSync(path)
    ? run(process.execPath, [path, ...args], { cwd })
    : run("npm", args, { cwd });
};

/** What can make an image here. `LATCHKEY_TEST_BUILD` stands in for `podman build`, as for `npm run test:deploy`. */
async function imageBuilder(): Promise<"podman" | "docker" | undefined> {
  if (process.env.LATCHKEY_TEST_BUILD || (await works("podman", "info"))) return "podman";
  return (await works("docker", "buildx", "version")) && (await works("docker", "info"))
    ? "docker"
    : undefined;
}

/** Builds the image from a clone into a file that `podman load` and `docker load` read; says which Node.js is in it. */
async function makeImage(clone: string, file: string, source: Source, builder: "podman" | "docker") {
  const { version, revision, epoch } = source;
  const tag = `latchkey:${version}`;
  const given = [
    "--build-arg",
    `VERSION=${version}`,
    "--build-arg",
    `REVISION=${revision}`,
    "--no-cache",
    "-t",
    tag,
  ];
  if (builder === "docker") {
    const output = `type=docker,dest=${file},rewrite-timestamp=true`;
    const time = ["--build-arg", `SOURCE_DATE_EPOCH=${epoch}`, "--output", output];
    await run("docker", ["buildx", "build", ...time, ...given, "."], { cwd: clone });
    await run("docker", ["load", "--input", file], { cwd: clone });
  } else {
    const [command = "", ...first] = (process.env.LATCHKEY_TEST_BUILD ?? "podman build").split(" ");
    // Images of the format `oci` have no health check.
    const form = ["--format", "docker", "--timestamp", String(epoch)];
    await run(command, [...first, ...form, ...given, "."], { cwd: clone });
    rmSync(file, { force: true });
    await run("podman", ["save", "--format", "docker-archive", "--output", file, tag], { cwd: clone });
  }
  compress(file);
  // The official image says it; of another base one has to ask the program.
  const env = await run(builder, ["image", "inspect", "--format", "{{json .Config.Env}}", tag], {
    cwd: clone,
  });
  const [, named] = /"NODE_VERSION=([\d.]+)"/.exec(env) ?? [];
  if (named !== undefined) return named;
  const ask = ["run", "--rm", "--network=none", "--entrypoint", "node", tag, "--version"];
  return (await run(builder, ask, { cwd: clone })).trim().replace(/^v/, "");
}

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
async function make(folder: string, source: Source, builder: "podman" | "docker" | undefined): Promise<Made> {
  const { version, revision, epoch } = source;
  const clone = join(folder, "clone");
  const out = join(folder, "out");
  mkdirSync(out);
  print(`building ${version} (${revision.slice(0, 12)}) in ${folder} …`);
  await run("git", ["clone", "--quiet", "--no-checkout", checkout, clone], { cwd: folder });
  await run("git", ["checkout", "--quiet", "--detach", revision], { cwd: clone });
  const base = `latchkey-${version}-${process.platform}-${process.arch}`;
  const layout = await layOut(clone, folder, base, source);
  pack(folder, base, epoch, join(out, `${base}.tar.gz`));
  const node = builder && (await makeImage(clone, join(out, `${base}.image.tar`), source, builder));
  const said = await npm(clone, "sbom", "--sbom-format=cyclonedx", "--loglevel=error");
  writeFileSync(join(out, `${base}.cdx.json`), releasedSbom(said, { ...source, root: clone, layout, node }));
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
async function check(source: Source, builder: "podman" | "docker" | undefined): Promise<void> {
  await withFolder((first) =>
    withFolder(async (second) => {
      const one = await make(first, source, builder);
      const other = await make(second, source, builder);
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
  const options = { check: { type: "boolean" }, "without-image": { type: "boolean" } } as const;
  let given: { check?: boolean | undefined; "without-image"?: boolean | undefined };
  try {
    given = parseArgs({ options }).values;
  } catch {
    throw new UsageError("npm run release knows --check and --without-image, and nothing else.");
  }
  const source = releasableSource(checkout, { again: given.check === true });
  const builder = given["without-image"] ? undefined : await imageBuilder();
  if (!builder) print("no image is made: neither podman nor docker works here, or none is wanted.");
  if (given.check) return check(source, builder);
  await withFolder(async (folder) => {
    const made = await make(folder, source, builder);
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
