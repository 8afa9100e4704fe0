import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../command";
import { advisoryList, judgeVersion } from "../doctor/advisories";
import shipped from "../doctor/advisories.json";
import { print, StartError } from "../terminal";
import { compress, packImage } from "./archive";
import type { Source } from "./checks";
import { run, works } from "./commands";

/** What makes an image, and on which one. */
export interface ImageBuild {
  readonly builder: "podman" | "docker";
  /** By name and digest, such as `docker.io/library/node:26-bookworm-slim@sha256:…`: two builds have the same. */
  readonly base: string;
}

/** What is in an image that was made. */
export interface MadeImage {
  readonly base: string;
  /** The version of Node.js. */
  readonly node: string;
}

const pinned = /^[\w./:-]+@sha256:[0-9a-f]{64}$/;

/** What can make an image here. `LATCHKEY_TEST_BUILD` stands in for `podman build`, as for `npm run test:deploy`. */
async function findBuilder(cwd: string): Promise<ImageBuild["builder"] | undefined> {
  if (process.env.LATCHKEY_TEST_BUILD || (await works(cwd, "podman", "info"))) return "podman";
  return (await works(cwd, "docker", "buildx", "version")) && (await works(cwd, "docker", "info"))
    ? "docker"
    : undefined;
}

/** The name of the base that a Dockerfile has where none is given. */
export function baseIn(dockerfile: string): string {
  const [, name] = /^ARG BASE=(\S+)$/m.exec(dockerfile) ?? [];
  if (name === undefined) throw new StartError("Dockerfile names no base: ARG BASE=… is missing.");
  return name;
}

/** The digest that a name stands for now: of the registry's newest where it can be reached, else of what is here. */
async function pin(cwd: string, builder: ImageBuild["builder"], name: string): Promise<string> {
  await works(cwd, builder, "pull", "--quiet", name);
  const form = ["image", "inspect", "--format", "{{json .RepoDigests}}", name];
  const said = await run(builder, form, { cwd });
  const [digest] = said.match(/sha256:[0-9a-f]{64}/) ?? [];
  if (digest === undefined)
    throw new StartError(`${builder} tells no digest of ${name}: give one with --base.`);
  return `${name}@${digest}`;
}

/**
 * How an image is built here; undefined where nothing can.
 *
 * @param given the base, by name and digest; undefined: what the Dockerfile's tag stands for now
 * @throws UsageError for a base without a digest; StartError when the digest cannot be told
 */
export async function imageBuild(root: string, given: string | undefined): Promise<ImageBuild | undefined> {
  if (given !== undefined && !pinned.test(given))
    throw new UsageError("--base wants an image by its digest, such as docker.io/library/node@sha256:….");
  const builder = await findBuilder(root);
  if (builder === undefined) return undefined;
  const name = baseIn(readFileSync(join(root, "Dockerfile"), "utf8"));
  return { builder, base: given ?? (await pin(root, builder, name)) };
}

/** Says so where the Node.js of a base is known to be weak: whoever releases can get a newer base. */
function warnOfNode(version: string): void {
  const list = advisoryList.parse(shipped);
  const { outcome, values } = judgeVersion({ name: "node", version }, list, list.updated);
  if (outcome !== "unaffected")
    print(`Node.js ${version} of the base has known weaknesses (${values.ids}): build on a newer one.`);
}

/** Builds the image from a clone into a file, `FILE.gz`, that `podman load` and `docker load` read once it is decompressed. */
export async function makeImage(
  clone: string,
  file: string,
  { version, revision, epoch }: Source,
  { builder, base }: ImageBuild,
): Promise<MadeImage> {
  const tag = `latchkey:${version}`;
  const [name = "", digest = ""] = base.split("@");
  const given = [
    ...[`BASE=${base}`, `VERSION=${version}`, `REVISION=${revision}`].flatMap((each) => [
      "--build-arg",
      each,
    ]),
    ...[`name=${name}`, `digest=${digest}`].flatMap((each) => [
      "--label",
      `org.opencontainers.image.base.${each}`,
    ]),
    "--no-cache",
    "-t",
    tag,
  ];
  if (builder === "docker") {
    const output = `type=docker,dest=${file},rewrite-timestamp=true`;
    const time = ["--build-arg", `SOURCE_DATE_EPOCH=${epoch}`, "--output", output];
    await run("docker", ["buildx", "build", ...time, ...given, "."], { cwd: clone });
    await run("docker", ["load", "--input", file], { cwd: clone });
    compress(file);
  } else {
    const [command = "", ...first] = (process.env.LATCHKEY_TEST_BUILD ?? "podman build").split(" ");
    // Images of the format `oci` have no health check.
    const form = ["--format", "docker", "--timestamp", String(epoch)];
    await run(command, [...first, ...form, ...given, "."], { cwd: clone });
    rmSync(file, { force: true });
    await run("podman", ["save", "--format", "docker-archive", "--output", file, tag], { cwd: clone });
    packImage(file, epoch, `${file}.gz`);
    rmSync(file);
    // What is tried here is what is handed out. Some versions of podman load no compressed archive.
    await run("sh", ["-c", 'gzip -dc "$0" | podman load', `${file}.gz`], { cwd: clone });
  }
  const ask = ["run", "--rm", "--network=none", "--entrypoint", "node", tag, "--version"];
  const node = (await run(builder, ask, { cwd: clone })).trim().replace(/^v/, "");
  warnOfNode(node);
  return { base, node };
}
