import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PresetId, presets } from "@/lib/domain/preset";
import { waitUntil } from "@/server/processes";
import { type LiveWorld, required, startWorld } from "../conformance/live-world";
import { rawExchange } from "../conformance/raw-client";
import { raiseEpochOf } from "../conformance/seed";
import { blocksFor, runnable } from "./blocks";

// Each call in the documents is made as it is written, and answered as they say. A host name that they make up leads to
// this Latchkey, with a suffix of this run; `…` in an answer stands for anything.

const suffix = `${randomUUID()}.test`;
const folder = mkdtempSync(join(tmpdir(), "latchkey-calls-"));
const gate = required("LATCHKEY_TEST_GATE_URL");
let live: LiveWorld;
let client: pg.Client;

beforeAll(async () => {
  live = await startWorld((request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json").end(JSON.stringify({ path: request.url }));
  });
  client = new pg.Client({ connectionString: required("DATABASE_URL") });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await live.close();
  rmSync(folder, { recursive: true });
});

const ids: Readonly<Record<string, PresetId>> = { "any.md": "any" };
const presetOf = (document: string): PresetId | undefined => {
  const name = basename(document, ".md");
  return ids[basename(document)] ?? (Object.keys(presets) as PresetId[]).find((id) => id === name);
};

/** Headers in which the page of a preset says that the account's token goes. */
const tokenHeaders: Readonly<Partial<Record<PresetId, string>>> = {
  evolution: "apikey",
  waha: "x-api-key",
  "whatsapp-web-js": "x-api-key",
};

/** What the callers of a preset name their instance by; presets that are not here go by its token alone. */
const labels: Readonly<Partial<Record<PresetId, string>>> = {
  evolution: "bakery",
  waha: "bakery",
  wppconnect: "bakery",
  "whatsapp-web-js": "bakery",
  "green-api": "1101000001",
  "z-api": "3C01",
};

/** Puts an enforced instance behind a host name, as the page of a preset says; `any` has the name itself. */
async function putInFront(preset: PresetId, host: string): Promise<void> {
  const name = `${host}.${suffix}`;
  const instanceId = live.world.idOf("closed");
  await raiseEpochOf(client, instanceId, async (accountId) => {
    await client.query(`DELETE FROM "HostName" WHERE "instanceId" = $1`, [instanceId]);
    if (preset === "any") {
      await client.query(`INSERT INTO "HostName" ("name", "accountId", "instanceId") VALUES ($1, $2, $3)`, [
        name,
        accountId,
        instanceId,
      ]);
      return;
    }
    const serviceId = randomUUID();
    const { routes, strayParameters } = presets[preset];
    await client.query(
      `INSERT INTO "Service" ("id", "accountId", "name", "preset", "upstreamUrl", "routes", "strayParameters",
                              "tokenHeader", "updatedAt")
       VALUES ($1, $2, $3, $3, $4, $5, $6, $7, now())`,
      [
        serviceId,
        accountId,
        preset,
        live.upstream,
        JSON.stringify(routes),
        strayParameters,
        tokenHeaders[preset] ?? null,
      ],
    );
    await client.query(`INSERT INTO "HostName" ("name", "accountId", "serviceId") VALUES ($1, $2, $3)`, [
      name,
      accountId,
      serviceId,
    ]);
    await client.query(`UPDATE "Instance" SET "serviceId" = $1, "label" = $2 WHERE "id" = $3`, [
      serviceId,
      labels[preset] ?? null,
      instanceId,
    ]);
  });
  // Until then the name leads to the dashboard, which answers with a page.
  const isKnown = async () =>
    (await rawExchange(gate, { target: "/", headers: [["host", name]] })).body.startsWith("{");
  await waitUntil(isKnown, { withinMs: 5000 });
}

/** The program `curl` for the script: it notes each answer, and leads names that do not exist to this Latchkey. */
const curl = `
curl() {
  local word words=() host
  for word in "$@"; do
    if [[ $word =~ ^https://([^/]+)(/.*)?$ ]]; then
      words+=("$GATE\${BASH_REMATCH[2]}" -H "Host: \${BASH_REMATCH[1]}.$SUFFIX")
    elif [[ $word =~ ^http://127.0.0.1:[0-9]+(/(readyz|healthz))$ ]]; then
      words+=("$GATE\${BASH_REMATCH[1]}")
    else
      words+=("$word")
    fi
  done
  command curl -sS -m 10 -o "$FOLDER/body" -w '%{http_code}' "\${words[@]}" > "$FOLDER/status" || return
  { cat "$FOLDER/status"; printf ' '; tr -d '\\n' < "$FOLDER/body"; echo; } >> "$FOLDER/answers"
}
`;

/** An answer as a document has it, `…` for anything. */
const asPattern = (line: string) =>
  new RegExp(
    `^${line
      .split("…")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );

async function callsOf(document: string, marker: string, script: string): Promise<void> {
  const preset = presetOf(document);
  const [, host] = /https:\/\/([\w.]+)/.exec(script) ?? [];
  if (preset && host) await putInFront(preset, host);
  const instance = marker === "calls open" ? "open echo" : preset ? "closed" : "closed echo";
  const account = marker === "calls open" ? "open" : "closed";
  const { script: lines } = runnable(script);
  const expected = [...lines.matchAll(/^# (\d{3} .*)$/gm)].map(([, answer = ""]) => answer);
  writeFileSync(join(folder, "answers"), "");
  // The upstream is in this process, so it must not stand still meanwhile.
  const bash = spawn("bash", ["-eu"], {
    env: {
      NODE_ENV: "test",
      PATH: process.env.PATH,
      FOLDER: folder,
      GATE: gate,
      SUFFIX: suffix,
      BASE: gate + live.world.baseOf(instance),
      TOKEN: live.world.clientTokenOf(account, "current"),
      OLD_TOKEN: live.world.clientTokenOf("closed", "retiring"),
      INSTANCE_TOKEN: live.world.instanceTokenOf("closed"),
      SESSION_TOKEN: "$2b$10$of-the-session",
    },
  });
  let said = "";
  bash.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  bash.stdin.end(curl + lines);
  const [status] = await once(bash, "close");
  const answers = readFileSync(join(folder, "answers"), "utf8").trim().split("\n");
  expect([document, status, said]).toEqual([document, 0, ""]);
  expect(answers.length, script).toBe(expected.length);
  for (const [at, answer] of expected.entries()) expect(answers[at]).toMatch(asPattern(answer));
}

const calls = [...blocksFor("calls")];

test("there are calls in the documents", () => {
  expect(calls.length).toBeGreaterThan(10);
});

test.each(calls)("%s: every call is answered as it says", async (document, blocks) => {
  for (const { marker, text } of blocks) await callsOf(document, marker, text);
});
