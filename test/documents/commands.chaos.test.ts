import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkout } from "@/server/folders";
import { freePort } from "@/server/http/listen";
import { testEnvironment } from "../support/environment";
import { embeddedUrl, killLaunched, launchReady, newDataDirectory } from "../support/launched";
import { type Block, blocksFor, runnable } from "./blocks";

// What the documents tell whoever runs a server to type is typed here, as it is written, beside a Latchkey that runs. Only
// npm is not asked: its scripts are the commands of `latchkey` that server/setup/main.mjs names, after the set-up.

const data = newDataDirectory();
const folder = mkdtempSync(join(tmpdir(), "latchkey-typed-"));
const scripts = [...blocksFor("commands")];
let url: string;
let metricsPort: number;
let recipient: string;
let exported: string;

/** An account with a trail, in the database of that Latchkey, whose owner is person@example.com. */
async function makePerson(): Promise<string> {
  // These modules read the settings once.
  process.env.DATABASE_URL = embeddedUrl(data.path);
  process.env.LATCHKEY_SECRET = "";
  process.env.LATCHKEY_SECRET_FILE = join(data.path, "secret");
  const { makeActor } = await import("../support/accounts");
  const { db } = await import("@/lib/db/client");
  const { createInstance } = await import("@/lib/services/instances/change");
  const { exportAudit } = await import("@/lib/services/audit/chain");
  const { pool } = await import("@/lib/db/pool");
  const actor = await makeActor();
  await db.user.update({ where: { id: actor.userId }, data: { email: "person@example.com" } });
  for (const name of ["Night orders", "Day orders"]) await createInstance(actor, { name });
  let text = "";
  for await (const piece of (await exportAudit(actor, { format: "jsonl", filter: {} })).pieces) text += piece;
  await pool().end();
  return text;
}

const shims = {
  npm: `#!/bin/bash
[ "$1" = run ] || exit 64
name=$2; shift 2; [ "$1" = -- ] && shift
[ "$name" = latchkey ] || set -- "$name" "$@"
INIT_CWD="$PWD" exec "$NODE" "$CHECKOUT/dist/latchkey.js" "$@"
`,
  "age-keygen": `#!/bin/bash
[ "$1" = -o ] && cp "$IDENTITY" "$2"
`,
  curl: `#!/bin/bash
words=()
for word in "$@"; do
  word="\${word/#https:\\/\\/latchkey.example.com/$URL}"
  words+=("\${word/#http:\\/\\/127.0.0.1:9090/http://127.0.0.1:$METRICS_PORT}")
done
PATH="\${PATH#*:}" exec curl -sSf "\${words[@]}"
`,
};

beforeAll(async () => {
  metricsPort = await freePort();
  const started = await launchReady({
    LATCHKEY_DATA_DIR: data.path,
    ADMIN_PORT: String(metricsPort),
    PORT: String(await freePort()),
  });
  url = started.url;
  const identity = await generateIdentity();
  recipient = await identityToRecipient(identity);
  writeFileSync(join(folder, "identity"), `${identity}\n`);
  chmodSync(folder, 0o711);
  mkdirSync(join(folder, "bin"));
  for (const [name, text] of Object.entries(shims))
    writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
  exported = await makePerson();
});

afterAll(() => {
  killLaunched();
  data.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** What stands in the folder in which somebody types: an export, and the same events as lines of a log. */
function fillFolder(cwd: string): void {
  const events = exported.trimEnd().split("\n").slice(0, -1);
  writeFileSync(join(cwd, "latchkey-audit.jsonl"), exported);
  const lines = events.map((event) => `{"level":30,"name":"audit","event":${event},"msg":"recorded"}\n`);
  writeFileSync(join(cwd, "latchkey-1.jsonl"), `Latchkey: no JSON\n${lines.reverse().join("")}`);
}

/** Blocks of a document as one script, as somebody types them one after the other. */
function scriptOf(blocks: readonly Block[]): { readonly script: string; readonly given: readonly string[] } {
  const parts = blocks.map(({ language, text }) =>
    language === "python"
      ? { script: `python3 - latchkey-audit.jsonl <<'END'\n${text}END\n`, given: [] }
      : runnable(text),
  );
  const script = parts.map((part) => part.script).join("\n");
  return {
    script: script.replace(/^(\S.*?) +# ends with (\d)$/gm, "{ $1; } && exit 65 || [ $? = $2 ]"),
    given: parts.flatMap(({ given }) => given),
  };
}

test.each(scripts)("%s: every command does what it says", async (document, blocks) => {
  const cwd = mkdtempSync(join(folder, "typed-"));
  // As root, the database runs as another user, who has to get to data directories in here.
  chmodSync(cwd, 0o711);
  fillFolder(cwd);
  const { script, given } = scriptOf(blocks);
  const moved = new URL(embeddedUrl(data.path));
  moved.pathname = "/moved";
  const known: Readonly<Record<string, string>> = {
    RECIPIENT: recipient,
    LATCHKEY_MOVE_TO: moved.href,
    ACCOUNT: JSON.parse(exported.split("\n")[0] ?? "{}").account,
  };
  expect(given.filter((name) => !(name in known))).toEqual([]);
  const settings = { ...testEnvironment(""), LATCHKEY_SECRET: "", LATCHKEY_DATA_DIR: data.path };
  const typed = spawn("bash", ["-euo", "pipefail"], {
    cwd,
    env: {
      ...settings,
      ...Object.fromEntries(given.map((name) => [name, known[name]])),
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      HOME: cwd,
      NODE: process.execPath,
      NODE_ENV: "production",
      CHECKOUT: checkout,
      URL: url,
      METRICS_PORT: String(metricsPort),
      IDENTITY: join(folder, "identity"),
    },
  });
  let said = "";
  for (const stream of [typed.stdout, typed.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  typed.stdin.end(script);
  const [code] = await once(typed, "close");
  expect([document, code], said).toEqual([document, 0]);
});
