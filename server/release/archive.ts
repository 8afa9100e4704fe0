import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { StartError } from "../terminal";

function run(command: string, args: readonly string[]): void {
  const env = { ...process.env, LC_ALL: "C", GZIP: "" };
  const { status, stderr, error } = spawnSync(command, args, { env, encoding: "utf8" });
  if (status !== 0) throw new StartError(`${command} failed: ${error?.message ?? stderr.trim()}`);
}

/** Compresses a file in place, to `FILE.gz`, without its name and time. @throws StartError */
export function compress(path: string): void {
  // Not zlib of Node.js: what it makes of the same bytes depends on the processor.
  run("gzip", ["--no-name", "-9", "--force", path]);
}

/**
 * Packs files and folders of a folder so that the same files give the same bytes: sorted, of nobody, of one time, with the rights that they
 * have for their owner. Wants GNU tar.
 *
 * @throws StartError where that is not there, or fails
 */
export function pack(
  parent: string,
  names: readonly string[],
  epoch: number,
  target: string,
  format: "posix" | "ustar" = "posix",
): void {
  const { stdout } = spawnSync("tar", ["--version"], { encoding: "utf8" });
  if (!stdout?.includes("GNU tar"))
    throw new StartError("a release is packed by GNU tar, which is not here.");
  const draft = `${target}.tar`;
  run("tar", [
    "--create",
    `--format=${format}`,
    ...(format === "posix" ? ["--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"] : []),
    "--sort=name",
    `--mtime=@${epoch}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rw,go=rX",
    `--directory=${parent}`,
    `--file=${draft}`,
    ...names,
  ]);
  compress(draft);
  renameSync(`${draft}.gz`, target);
}

const imageManifest = z.tuple([
  z.object({ Config: z.string(), RepoTags: z.array(z.string()), Layers: z.array(z.string()) }),
]);
const imageConfig = z.looseObject({
  config: z.looseObject({}),
  history: z.array(z.looseObject({ comment: z.string().optional() })),
});

/**
 * Takes out of an image's archive (`podman save --format docker-archive`) what podman makes up for each build, and
 * compresses it: names of the containers that built it, and of the images in between. What runs stays as it is: the layers, and
 * the settings but for a host name that no container gets.
 *
 * @param target `FILE.tar.gz`
 */
export function packImage(archive: string, epoch: number, target: string): void {
  const folder = mkdtempSync(`${archive}-`);
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  try {
    run("tar", ["--extract", `--file=${archive}`, `--directory=${folder}`]);
    const [image] = imageManifest.parse(read("manifest.json"));
    const described = imageConfig.parse(read(image.Config));
    for (const field of ["container", "container_config", "parent"]) delete described[field];
    delete described.config.Hostname;
    for (const step of described.history) if (step.comment?.startsWith("FROM ")) delete step.comment;
    const text = JSON.stringify(described);
    const name = `${createHash("sha256").update(text).digest("hex")}.json`;
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, "manifest.json"), JSON.stringify([{ ...image, Config: name }]));
    // Without what versions of docker read that are older than manifests. podman loads no archive of the form `posix`.
    pack(folder, ["manifest.json", name, ...new Set(image.Layers)], epoch, target, "ustar");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
