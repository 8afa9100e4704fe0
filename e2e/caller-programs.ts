import { spawnSync } from "node:child_process";
import { checkout } from "@/server/folders";

/** How to run a program that calls again and again, as its author would have written it. */
export interface CallerProgram {
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

/** Where programs run: beside our own packages. */
export const programFolder = checkout;
