import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { type Enforced, enforce } from "../deploy/journey";
import { hasPodman, isReady, latchkeyImage, podman } from "../deploy/podman";
import { type Block, blocksFor } from "./blocks";

// What the documents tell to type about containers, with podman in the place of docker. Names, ports and volumes are this
// run's own; the image is built once, as `docker build` says.

const folder = mkdtempSync(join(tmpdir(), "latchkey-containers-"));
const here = "latchkey-test-documents";
const newMachine = "latchkey-test-documents-new";

const docker = `
docker() {
  local words=() word
  case $1 in
    build) podman tag "$LATCHKEY_IMAGE" "$3" ;;
    compose)
      # podman-compose mixes words of its own into what a command prints, and forgets how it ended.
      if [ "$4 $5" = "exec -T" ]; then podman exec -i "$PROJECT"_"$6"_1 "\${@:7}"
      else podman-compose -p "$PROJECT" "\${@:2}"; fi
      ;;
    run)
      for word in "$@"; do
        case $word in
          latchkey_data:/data) words+=("$PROJECT"_data:/data) ;;
          latchkey | latchkey:/data) words+=("$PROJECT-alone\${word#latchkey}") ;;
          127.0.0.1:3000:3000) words+=("127.0.0.1:$ALONE_PORT:3000") ;;
          *) words+=("$word") ;;
        esac
      done
      podman "\${words[@]}"
      ;;
    *) echo "no stand-in for docker $1" >&2; return 64 ;;
  esac
}
`;

describe.runIf(hasPodman)("the commands of the documents about containers", () => {
  const ports = new Map<string, number>();
  let alonePort: number;
  let enforced: Enforced | undefined;

  const urlOf = (project: string) => `http://127.0.0.1:${ports.get(project)}`;

  async function typed(block: Block): Promise<void> {
    const project = block.marker === "containers new-machine" ? newMachine : here;
    const bash = spawn("bash", ["-euo", "pipefail"], {
      cwd: folder,
      env: {
        ...process.env,
        PROJECT: project,
        PUBLISH: `127.0.0.1:${ports.get(project)}`,
        ALONE_PORT: String(alonePort),
        LATCHKEY_IMAGE: await latchkeyImage(),
      },
    });
    let said = "";
    for (const stream of [bash.stdout, bash.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
      });
    bash.stdin.end(docker + block.text.replaceAll("person@example.com", enforced?.email ?? ""));
    const [code] = await once(bash, "close");
    expect([block.document, block.text, code], said).toEqual([block.document, block.text, 0]);
    if (block.text.includes(" up -d")) await isReady(urlOf(project));
    if (block.text.includes("docker run -d")) await isReady(`http://127.0.0.1:${alonePort}`);
  }

  async function removeAll(): Promise<void> {
    await podman("rm", "-f", "-t", "45", `${here}-alone`).catch(() => "");
    await podman("volume", "rm", "-f", `${here}-alone`).catch(() => "");
    for (const project of [here, newMachine]) {
      // The one that a restore made is nobody's.
      await podman("volume", "rm", "-f", `${project}_data`).catch(() => "");
      const label = `label=io.podman.compose.project=${project}`;
      for (const kind of ["container", "volume"] as const) {
        const names = await podman(
          kind,
          "ls",
          "-q",
          ...(kind === "container" ? ["-a"] : []),
          "--filter",
          label,
        );
        for (const name of names.split("\n").filter(Boolean)) await podman(kind, "rm", "-f", name);
      }
    }
  }

  beforeAll(async () => {
    await latchkeyImage();
    await removeAll();
    for (const project of [here, newMachine]) ports.set(project, await freePort());
    alonePort = await freePort();
    // Containers read it as another user.
    chmodSync(folder, 0o755);
    cpSync(join(checkout, "deploy"), join(folder, "deploy"), { recursive: true });
    const [first] = blocksFor("containers").get("README.md") ?? [];
    if (!first) throw new Error("README.md starts no container");
    await typed(first);
    enforced = await enforce(urlOf(here));
  });

  afterAll(async () => {
    await removeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([...blocksFor("containers")])("%s", async (_document, blocks) => {
    for (const block of blocks) await typed(block);
  });

  it("have brought everything to the new machine: the same callers get in there, and nobody else", async () => {
    const { target, token } = enforced ?? expect.fail("nothing was enforced");
    const call = (headers: Record<string, string>) => fetch(urlOf(newMachine) + target, { headers });
    expect((await call({ "client-token": token })).status).toBe(200);
    expect((await call({})).status).toBe(403);
  });
});
