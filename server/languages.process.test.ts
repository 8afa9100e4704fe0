import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { Finding } from "@/lib/domain/doctor";
import { killLaunched, launch } from "../test/support/launched";

afterEach(killLaunched);

async function run(language: string, args: readonly string[], env: Record<string, string> = {}) {
  const program = launch("latchkey.js", { ...env, LC_ALL: language }, args);
  return { code: await program.ends(), said: program.output() };
}

const translations = ["pt_BR.UTF-8", "es_ES.UTF-8"];
const LATCHKEY_SECRET = randomBytes(24).toString("base64url");
const away = { DATABASE_URL: "postgresql://latchkey:x@127.0.0.1:1/latchkey", LATCHKEY_SECRET };
const nowhere = { LATCHKEY_DATA_DIR: "/dev/null" };
const aFile = import.meta.filename;

/** One of each kind: settings, files, ports, databases, secrets, options, operands, and what is in a file. */
const failures: { readonly args: string; readonly env?: Record<string, string> }[] = [
  {
    args: "start",
    env: { PORT: "many", TRUSTED_PROXIES: "x", LATCHKEY_SECRET: "short", MAIL_FROM: "nobody" },
  },
  { args: "start", env: { ...nowhere, PORT: "0" } },
  { args: "start", env: { HOST: "192.0.2.1", PORT: "0" } },
  { args: "start", env: { BREACHED_PASSWORDS_FILE: aFile } },
  { args: "start", env: { ...away, PORT: "0" } },
  { args: "start --port=1" },
  { args: "gate" },
  { args: "dashboard", env: { ...away, LATCHKEY_SECRET: "", LATCHKEY_SECRET_FILE: "/nowhere" } },
  { args: "migrate --password=x" },
  { args: "backup --recipient=x x" },
  { args: "backup --with-secret x", env: away },
  { args: `restore ${aFile}` },
  { args: "rotate-secret", env: nowhere },
  { args: "move-database" },
  { args: "end-sessions x@example.com", env: { ...away, LATCHKEY_SECRET: "" } },
  { args: `audit-verify ${aFile}` },
  { args: "doctor --refresh", env: { ADVISORIES_URL: "http://example.com" } },
  { args: "doctr" },
];

test.each(failures)(
  "what $args says when it fails is in the language of the terminal",
  async ({ args, env }) => {
    const [english, ...others] = await Promise.all(
      ["C", ...translations].map((language) => run(language, args.split(" "), env)),
    );
    const linesOf = (said = "") => said.trimEnd().split("\n");
    const lines = linesOf(english?.said);
    expect(english).toEqual({
      code: expect.toSatisfy((code) => code > 0),
      said: expect.stringMatching(/\w+ \w+/),
    });
    for (const { code, said } of others) {
      expect(code).toBe(english?.code);
      expect(said).not.toMatch(/[{}]|failure\.|command\.|keep\./);
      const translated = linesOf(said);
      expect(translated).toHaveLength(lines.length);
      expect(translated.filter((line, at) => line === lines[at])).toEqual([]);
    }
  },
);

test("a program reads the same of doctor --json in every language, whatever people read beside it", async () => {
  const reports = await Promise.all(
    ["C", ...translations].map(async (language) => {
      const { code, said } = await run(language, ["doctor", "--json"], { ...away, ...nowhere });
      const { findings } = JSON.parse(said) as { findings: (Finding & { title: string; text: string })[] };
      return {
        told: findings.map(({ title, text }) => `${title}: ${text}`),
        read: findings
          .filter(({ check }) => check !== "disk")
          .map(({ check, outcome, state, values }) => ({ code, check, outcome, state, values })),
      };
    }),
  );
  const [english, ...others] = reports;
  expect(english?.read.find(({ check }) => check === "database")?.values).toEqual({
    reason: {
      key: "database.refused",
      values: {
        place: "127.0.0.1:1/latchkey",
        reason: { key: "database.reason.ECONNREFUSED", values: {} },
      },
    },
  });
  for (const { read, told } of others) {
    expect(read).toEqual(english?.read);
    expect(told.filter((line) => english?.told.includes(line))).toEqual([]);
  }
});
