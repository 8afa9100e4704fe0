import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, renameSync } from "node:fs";
import { pipeline } from "node:stream/promises";
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
 * Packs a folder so that the same files give the same bytes: sorted, of nobody, of one time, with the rights that they
 * have for their owner. Wants GNU tar.
 *
 * @throws StartError where that is not there, or fails
 */
export function pack(parent: string, name: string, epoch: number, target: string): void {
  const { stdout } = spawnSync("tar", ["--version"], { encoding: "utf8" });
  if (!stdout?.includes("GNU tar"))
    throw new StartError("a release is packed by GNU tar, which is not here.");
  const draft = `${target}.tar`;
  run("tar", [
    "--create",
    "--format=posix",
    "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
    "--sort=name",
    `--mtime=@${epoch}`,
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "--mode=u+rw,go=rX",
    `--directory=${parent}`,
    `--file=${draft}`,
    name,
  ]);
  compress(draft);
  renameSync(`${draft}.gz`, target);
}

/** SHA-256 of a file, in hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
