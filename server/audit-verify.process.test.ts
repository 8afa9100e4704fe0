import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditKeyOf } from "@/lib/domain/audit-checkpoint";
import { chain, exported, signedCheckpoint, testKeys } from "@/test/support/audit-chain";
import { launch } from "../test/support/launched";

let folder: string;
const events = chain(6);
const whole = exported(events);
const files: Readonly<Record<string, string>> = {
  "whole.jsonl": whole,
  "edited.jsonl": whole.replace('"count":4', '"count":5'),
  "short.jsonl": whole.split("\n").slice(0, 4).join("\n").concat("\n"),
  "earlier.jsonl": exported(events.slice(0, 3)),
  "later-checkpoint.jsonl": signedCheckpoint(chain(8)),
  "key.json": JSON.stringify(testKeys[0]),
  "other.json": JSON.stringify({ keys: [auditKeyOf("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")] }),
  "nonsense.json": "{",
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-audit-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the verifier without any configuration, from another folder than the files'. */
async function verify(...args: readonly string[]): Promise<[code: number | null, output: string]> {
  const env = { INIT_CWD: folder, LATCHKEY_SECRET: "", DATABASE_URL: "" };
  const run = launch("latchkey.js", env, ["audit-verify", ...args]);
  return [await run.ends(), run.output()];
}

test("the verifier needs nothing but the file and the key, and its exit code says what it found", async () => {
  const key = ["--key", "key.json"];
  const runs: [args: string[], code: number, said: RegExp][] = [
    [["whole.jsonl", ...key], 0, /6 events.*\nPROVEN: signed at 2026-11-25T08:00:00.000Z/],
    [["whole.jsonl", ...key, "--checkpoint", "earlier.jsonl"], 0, /PROVEN/],
    [["edited.jsonl", ...key], 1, /BROKEN at line 4: event 4 was edited.*\nThe 3 events before it/],
    [["whole.jsonl", ...key, "--checkpoint", "later-checkpoint.jsonl"], 1, /events 7 to 8 are missing/],
    [["short.jsonl", ...key], 4, /UNPROVEN: There is no signed checkpoint/],
    [["whole.jsonl"], 4, /UNPROVEN: .*--key/],
    [["whole.jsonl", "--key", "other.json"], 4, /UNPROVEN: .*another key/],
    [[], 2, /say which file/],
    [["whole.jsonl", "--wrong"], 2, /there is no option --wrong/],
    [["whole.jsonl", "--key", "nonsense.json"], 3, /holds no Ed25519 key/],
    [["nowhere.jsonl"], 3, /cannot be read \(ENOENT\)/],
    [["whole.jsonl", "--checkpoint", "short.jsonl"], 3, /does not end with a checkpoint/],
    [
      ["whole.jsonl", "--key", "other.json", "--checkpoint", "earlier.jsonl"],
      3,
      /not signed with the given key/,
    ],
  ];
  const outcomes = await Promise.all(runs.map(([args]) => verify(...args)));
  for (const [index, [args, code, said]] of runs.entries()) {
    expect([args, outcomes[index]?.[0]]).toEqual([args, code]);
    expect(outcomes[index]?.[1]).toMatch(said);
  }
});
