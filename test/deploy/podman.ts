import { execFile, spawnSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { waitUntil } from "@/server/processes";

// `LATCHKEY_TEST_BUILD` names a program that is called instead of `podman build`, for machines whose builds need more
// than that; `LATCHKEY_TEST_IMAGE` an image that is there already.

const call = promisify(execFile);

/** Runs a command and gives back what it prints. @throws what it printed, when it fails */
async function run(command: string, args: readonly string[]): Promise<string> {
  const { stdout } = await call(command, [...args], {
    cwd: checkout,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

export const podman = (...args: string[]) => run("podman", args);

const works = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: "ignore" }).status === 0;

/** Whether containers can be built and run here. */
export const hasPodman = works("podman", "info") && works("podman-compose", "--version");

async function build(...args: string[]): Promise<void> {
  const [command = "", ...first] = (process.env.LATCHKEY_TEST_BUILD ?? "podman build").split(" ");
  // Images of the format `oci` have no health check.
  await run(command, [...first, "--format", "docker", ...args]);
}

const ownImage = "localhost/latchkey:test";
let built: Promise<string> | undefined;

/** The image of this checkout, as the Dockerfile makes it. */
export function latchkeyImage(): Promise<string> {
  const given = process.env.LATCHKEY_TEST_IMAGE;
  built ??= given ? Promise.resolve(given) : build("-t", ownImage, ".").then(() => ownImage);
  return built;
}

/** The same program as another image, as an update brings one. */
export async function nextImage(image: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-next-"));
  const tag = `${image}-next`;
  writeFileSync(join(folder, "Dockerfile"), `FROM ${image}\nLABEL next=1\n`);
  await build("-t", tag, folder);
  rmSync(folder, { recursive: true });
  return tag;
}

const standIns: readonly (readonly [image: RegExp, file: string])[] = [
  [/\/postgres:/, "postgres"],
  [/\/haproxy:/, "haproxy"],
  [/\/(?:evolution-api|waha):/, "gateway"],
];

/**
 * Sees to it that an image of somebody else is here: the real one where it can be had, else a stand-in of that name.
 *
 * @returns whether it is a stand-in
 */
async function foreignImage(image: string): Promise<boolean> {
  const label = podman("image", "inspect", "--format", '{{index .Labels "latchkey.stand-in"}}', image);
  label.catch(() => {});
  const isReal = works("podman", "image", "exists", image) && (await label) !== "1";
  if (isReal || works("podman", "pull", "-q", image)) return false;
  const [, file] = standIns.find(([pattern]) => pattern.test(image)) ?? [];
  if (!file) throw new Error(`${image} cannot be had, and nothing stands in for it`);
  const folder = join(checkout, "test", "deploy", "stand-ins");
  // Also one that is there: what it was made of may have changed since.
  await build(
    "-t",
    image,
    "--label",
    "latchkey.stand-in=1",
    "-f",
    join(folder, `${file}.Containerfile`),
    folder,
  );
  return true;
}

/** A compose file of deploy/compose that runs, alone in a folder of its own. */
export interface Project {
  /** Where it can be reached. */
  readonly url: string;
  /** What stands in for an image that could not be had. */
  readonly standIns: readonly string[];
  /** The name of a service's container. */
  container(service: string): string;
  up(env?: Readonly<Record<string, string>>): Promise<void>;
  /** Containers and networks go; volumes stay. */
  down(): Promise<void>;
  /** All of it goes. */
  remove(): Promise<void>;
}

/** Waits until Latchkey says that it can serve. @throws Error when it does not come to that */
export async function isReady(url: string): Promise<void> {
  const ready = async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
  if (!(await waitUntil(ready, { withinMs: 120_000, everyMs: 50 })))
    throw new Error(`${url} did not become ready`);
}

/** What a compose file wants besides an image. */
export interface Wants {
  readonly settings?: Readonly<Record<string, string>>;
  /** The content of each file in its folder `secrets`. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Prepares a compose file with what it wants. Nothing is started yet. */
export async function composeProject(
  name: string,
  image: string,
  { settings = {}, secrets = {} }: Wants = {},
): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-compose-"));
  const source = join(checkout, "deploy", "compose");
  for (const file of readdirSync(source)) cpSync(join(source, file), join(folder, file));
  mkdirSync(join(folder, "secrets"), { mode: 0o711 });
  for (const [file, text] of Object.entries(secrets)) {
    const path = join(folder, "secrets", file);
    writeFileSync(path, `${text}\n`, { mode: 0o600 });
    if (!file.startsWith("postgres")) chownSync(path, 1000, 1000);
  }
  const port = await freePort();
  const variables = { LATCHKEY_IMAGE: image, PUBLISH: `127.0.0.1:${port}`, ...settings };
  const writeVariables = (all: Readonly<Record<string, string>>) =>
    writeFileSync(
      join(folder, ".env"),
      Object.entries(all)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(""),
    );
  writeVariables(variables);
  const project = `latchkey-test-${name}`;
  const file = join(folder, `${name}.yaml`);
  const compose = (args: string[]) => run("podman-compose", ["-p", project, "-f", file, ...args]);
  const stoodIn: string[] = [];
  for (const [, foreign = ""] of readFileSync(file, "utf8").matchAll(/^ +image: (docker\.io\S+)$/gm)) {
    if (await foreignImage(foreign)) stoodIn.push(foreign);
  }
  const down = async () => {
    await compose(["down", "-t", "45"]).catch(() => "");
  };
  const removeAll = async () => {
    await down();
    const own = await podman("volume", "ls", "-q", "--filter", `label=io.podman.compose.project=${project}`);
    for (const volume of own.split("\n").filter(Boolean)) await podman("volume", "rm", "-f", volume);
  };
  // Of a run that was cut short.
  await removeAll();
  return {
    url: `http://127.0.0.1:${port}`,
    standIns: stoodIn,
    container: (service) => `${project}_${service}_1`,
    async up(env = {}) {
      writeVariables({ ...variables, ...env });
      await compose(["up", "-d"]);
    },
    down,
    async remove() {
      await removeAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
