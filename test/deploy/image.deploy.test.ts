import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "@/server/processes";
import { print } from "@/server/terminal";
import { type Enforced, enforce } from "./journey";
import { composeProject, hasPodman, isReady, latchkeyImage, nextImage, type Project, podman } from "./podman";

if (!hasPodman) print("podman and podman-compose are not here: files are checked, containers are not run.");

/** Bytes of an image as a registry keeps it: its layers, compressed. */
async function compressedSize(image: string): Promise<number> {
  const save = spawn("podman", ["save", image], { stdio: ["ignore", "pipe", "inherit"] });
  let bytes = 0;
  await pipeline(save.stdout, createGzip({ level: 6 }), async (pieces) => {
    for await (const piece of pieces) bytes += piece.length;
  });
  return bytes;
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);

describe.runIf(hasPodman)("the image", () => {
  let image = "";
  let project: Project;
  let container = "";
  let enforced: Enforced;

  beforeAll(async () => {
    image = await latchkeyImage();
    project = await composeProject("one", image);
    container = project.container("latchkey");
    await project.up();
    await isReady(project.url);
    enforced = await enforce(project.url);
  });

  afterAll(() => project?.remove());

  const inside = (...command: string[]) => podman("exec", container, ...command);

  it("is at most 250 MB, compressed", async () => {
    const size = await compressedSize(image);
    print(`the image is ${megabytes(size)} MB, compressed`);
    expect(megabytes(size)).toBeLessThanOrEqual(250);
  });

  it("enforces a token with nothing to write to but its volume, as nobody in particular", async () => {
    expect((await enforced.call()).status).toBe(403);
    expect((await enforced.call(enforced.token)).status).toBe(200);
    expect(await inside("id", "-u")).toBe("1000");
    await expect(inside("touch", "/app/x")).rejects.toThrow("Read-only");
    const status = await inside("cat", "/proc/1/status");
    expect(/^CapEff:\s+0+$/m.test(status)).toBe(true);
  });

  it("holds no compiler, no npm and no sources", async () => {
    const names = ["npm", "npx", "yarn", "corepack", "gcc", "cc", "make", "esbuild", "tsc", "python3"];
    const found = await inside("sh", "-c", `command -v ${names.join(" ")} || true`);
    expect(found).toBe("");
    const sources = await inside(
      "find",
      "/app",
      "/usr/local",
      "-name",
      "*.ts",
      "-o",
      "-name",
      "*.map",
      "-o",
      "-name",
      "*.tsx",
    );
    expect(sources).toBe("");
  });

  it("knows by itself whether it works", async () => {
    const shown = await podman("image", "inspect", "--format", "{{json .HealthCheck}}", image);
    expect(shown).toContain("/readyz");
    await podman("healthcheck", "run", container);
  });

  it("has its command line", async () => {
    expect(await inside("latchkey", "--version")).toMatch(/^\d+\.\d+\.\d+$/);
    const report = JSON.parse(await inside("sh", "-c", "latchkey doctor --json || true"));
    // What is known against Node.js is a matter of the base image that could be had.
    const problems = report.findings.filter(
      ({ state, check, values }: { state: string; check: string; values: { name?: string } }) =>
        state === "problem" && !(check === "versions" && values.name === "node"),
    );
    expect(problems).toEqual([]);
    expect(report.findings.length).toBeGreaterThan(10);
  });

  it("finishes the requests in hand when it is told to stop, and leaves its database whole", async () => {
    const slow = request(`${project.url}${enforced.target}/slow`, {
      method: "POST",
      headers: { "client-token": enforced.token },
    });
    const answered = once(slow, "response");
    slow.write("begun");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stopped = podman("stop", "-t", "45", container);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    slow.end("ended");
    const [response] = await answered;
    expect(response.statusCode).toBe(200);
    response.resume();
    await stopped;
    expect(await podman("inspect", "--format", "{{.State.ExitCode}}", container)).toBe("0");
    expect(await podman("logs", container)).not.toContain("left behind");
  });

  it("goes on where it was when another image takes over its volume", async () => {
    const next = await nextImage(image);
    await project.down();
    const begun = performance.now();
    await project.up({ LATCHKEY_IMAGE: next });
    await isReady(project.url);
    print(`ready on a kept volume after ${Math.round(performance.now() - begun)} ms, containers included`);
    expect(await podman("inspect", "--format", "{{.ImageName}}", container)).toContain("-next");
    expect((await enforced.call()).status).toBe(403);
    expect((await enforced.call(enforced.token)).status).toBe(200);
    expect(await podman("logs", container)).not.toContain("made the secret");
    await project.down();
    await podman("rmi", next);
  });

  it("says in one line what is wrong with a volume that is another user's, or read-only", async () => {
    const folder = mkdtempSync(join(tmpdir(), "latchkey-volume-"));
    const run = (volume: string) =>
      podman("run", "--rm", "--read-only", "-v", volume, image).catch((error: unknown) => String(error));
    expect(await run(`${folder}:/data`)).toContain(
      "/data cannot be used: it belongs to the user with the id",
    );
    chownSync(folder, 1000, 1000);
    expect(await run(`${folder}:/data:ro`)).toContain("/data cannot be used: it is read-only");
    rmSync(folder, { recursive: true });
  });

  it("is ready again after it was killed", async () => {
    await project.up();
    await isReady(project.url);
    await podman("kill", container);
    await waitUntil(async () => !(await podman("ps", "-q", "--filter", `name=${container}`)), {
      withinMs: 10_000,
    });
    await podman("start", container);
    await isReady(project.url);
    expect((await enforced.call(enforced.token)).status).toBe(200);
  });
});
