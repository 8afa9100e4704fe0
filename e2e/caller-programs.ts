import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "@/server/folders";
import { waitUntil } from "@/server/processes";
import { launch } from "@/test/support/launched";
import { expect } from "./fixtures";

/** How to run a program that calls again and again, as its author would have written it. */
interface CallerProgram {
  /** As the table of callers shows it. */
  readonly product: string;
  readonly userAgent: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** Between two calls of one program. */
const pauseMs = 150;

/** More than any journey needs: a loop that nothing stops ends by itself. */
const mostCalls = 2000;

// Each reads URL, ADDRESS, AGENT and TOKEN_FILE from its environment, prints a line for every answer, and
// sends what the file holds at that moment; an empty one means no header.
const curl = `
for call in $(seq ${mostCalls}); do
  set --
  [ -s "$TOKEN_FILE" ] && set -- -H "Client-Token: $(cat "$TOKEN_FILE")"
  curl -s --noproxy '*' -o /dev/null -w '%{http_code}\\n' --interface "$ADDRESS" -A "$AGENT" "$@" "$URL"
  sleep ${pauseMs / 1000}
done`;

const undici = `
import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
const { URL: url, ADDRESS: localAddress, AGENT, TOKEN_FILE } = process.env;
const dispatcher = new Agent({ localAddress });
for (let call = 0; call < ${mostCalls}; call++) {
  const token = readFileSync(TOKEN_FILE, "utf8");
  const headers = { "user-agent": AGENT, ...(token && { "client-token": token }) };
  try {
    const { statusCode, body } = await request(url, { dispatcher, headers });
    await body.dump();
    console.log(String(statusCode));
  } catch (error) {
    console.log(String(error));
  }
  await new Promise((resolve) => setTimeout(resolve, ${pauseMs}));
}`;

const urllib = `
import functools, http.client, os, time, urllib.error, urllib.request
env = os.environ
connection = functools.partial(http.client.HTTPConnection, source_address=(env["ADDRESS"], 0))
class FromOwnAddress(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(connection, request)
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), FromOwnAddress())
for call in range(${mostCalls}):
    headers = {"User-Agent": env["AGENT"]}
    token = open(env["TOKEN_FILE"]).read()
    if token:
        headers["Client-Token"] = token
    try:
        with opener.open(urllib.request.Request(env["URL"], headers=headers)) as answer:
            answer.read()
            print(answer.status, flush=True)
    except urllib.error.HTTPError as error:
        print(error.code, flush=True)
    except OSError as error:
        print(repr(error), flush=True)
    time.sleep(${pauseMs / 1000})`;

const runs = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0;

/** The Node.js program under a name of its own: for a second one, or where another language is missing. */
export function nodeProgram(product: string): CallerProgram {
  const args = ["--input-type=module", "--eval", undici];
  return { product, userAgent: `${product}/1.0`, command: process.execPath, args };
}

function orNode(isThere: boolean, program: CallerProgram): CallerProgram {
  if (isThere) return program;
  process.stderr.write(`${program.command} is missing here: Node.js calls in place of ${program.product}\n`);
  return nodeProgram(`in-place-of-${program.product}`);
}

/** curl in a loop of the shell. */
export const curlProgram = () =>
  orNode(runs("curl", ["--version"]), {
    product: "curl",
    userAgent: "curl/8.5.0",
    command: "sh",
    args: ["-c", curl],
  });

/** A Python script with nothing but the standard library. */
export const pythonProgram = () =>
  orNode(runs("python3", ["--version"]), {
    product: "python-urllib",
    userAgent: "Python-urllib/3.12",
    command: "python3",
    args: ["-c", urllib],
  });

/** A program that runs beside the browser, in a process and from an address of its own. */
export interface RunningCaller {
  readonly product: string;
  readonly address: string;
  /** What every answer was, as the program itself printed it. */
  answers(): readonly string[];
  /** Waits until it has begun and ended a call from now on. */
  called(): Promise<void>;
  /** Sends this from now on; empty: no token. */
  send(token: string): void;
  stop(): void;
}

/** Starts programs, and ends whatever still runs. */
interface CallerProcesses {
  /** @param address where it calls from: any of 127.0.0.0/8, which are all this machine on Linux */
  start(program: CallerProgram, address: string, url: string, token?: string): RunningCaller;
  stopAll(): void;
}

/** Keeps the callers of one journey, and the files that their tokens are in. */
export function callerProcesses(): CallerProcesses {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-callers-"));
  const running = new Set<ChildProcess>();

  function start(program: CallerProgram, address: string, url: string, token = ""): RunningCaller {
    const { product, userAgent, command, args } = program;
    const file = join(folder, address);
    const send = (next: string) => {
      // In one step: nobody reads half a token.
      writeFileSync(`${file}.new`, next, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    };
    send(token);
    const env = { ...process.env, URL: url, ADDRESS: address, AGENT: userAgent, TOKEN_FILE: file };
    // A group of its own: the shell's curl ends with it.
    const child = spawn(command, [...args], {
      // Beside our own packages.
      cwd: checkout,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.add(child);
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    const answers = () => text.split("\n").slice(0, -1);
    return {
      product,
      address,
      answers,
      async called() {
        // Two more: the first may have begun before.
        const wanted = answers().length + 2;
        await expect.poll(() => answers().length, { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted);
      },
      send,
      stop: () => stop(child),
    };
  }

  function stop(child: ChildProcess): void {
    if (running.delete(child) && child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, "SIGKILL");
    }
  }

  return {
    start,
    stopAll() {
      for (const child of running) stop(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A second gate on the database of the journeys, which trusts no proxy: it sees each caller's own address. */
interface OwnGate {
  /** An instance's base URL as the page shows it, at this gate. */
  at(baseUrl: string): string;
  /** Ends it as an operator does, so that it leaves the list of gates. */
  stop(): Promise<void>;
}

/** Starts a gate of our own beside the one in front of the page. */
export async function startOwnGate(): Promise<OwnGate> {
  const { DATABASE_URL = "", LATCHKEY_SECRET = "" } = process.env;
  const gate = launch("gate.js", { DATABASE_URL, LATCHKEY_SECRET, TRUSTED_PROXIES: "" });
  const [, origin = ""] = await gate.prints(/Latchkey is ready: (\S+)\n/);
  const ready = async () => (await fetch(`${origin}/readyz`).catch(() => null))?.status === 200;
  if (!(await waitUntil(ready, { withinMs: 30_000 }))) throw new Error(`not ready: ${gate.output()}`);
  return {
    at: (baseUrl) => origin + new URL(baseUrl).pathname,
    async stop() {
      gate.child.kill("SIGTERM");
      await gate.ends();
    },
  };
}
