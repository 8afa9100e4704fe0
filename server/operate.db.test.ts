import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeActor } from "@/test/support/accounts";
import { killLaunched, launch, newDataDirectory } from "../test/support/launched";

afterEach(killLaunched);

const settings = {
  DATABASE_URL: process.env.DATABASE_URL ?? "",
  LATCHKEY_SECRET: process.env.LATCHKEY_SECRET ?? "",
};

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const program = launch("latchkey.js", settings, ["end-sessions", ...args]);
  return { code: await program.ends(), said: program.output() };
}

test("an operator ends the sessions of one person, then of all, and hears how many", async () => {
  const [one, other] = [await makeActor(), await makeActor()];
  const live = async () => {
    const ids = [one.sessionId, other.sessionId];
    const found = await pool().query(
      `SELECT "id" FROM "Session" WHERE "id" = ANY($1::uuid[]) AND "revokedAt" IS NULL`,
      [ids],
    );
    return found.rows.map(({ id }) => id);
  };
  expect(await run(one.email)).toEqual({
    code: 0,
    said: expect.stringContaining(`Ended 1 session of ${one.email}.`),
  });
  expect(await live()).toEqual([other.sessionId]);
  expect(await run("--all")).toEqual({
    code: 0,
    said: expect.stringMatching(/Ended \d+ sessions? of \d+ pe/),
  });
  expect(await live()).toEqual([]);
});

test("whatever is missing or wrong is one clear line", async () => {
  const unknown = `${randomBytes(8).toString("hex")}@example.com`;
  const cases: [string[], number, RegExp][] = [
    [[], 2, /one address such as person@example\.com/],
    [["--everyone"], 2, /there is no option --everyone/],
    [["--all", unknown], 2, /one address, or --all/],
    [[unknown], 1, /nobody here has the address/],
  ];
  const outcomes = await Promise.all(cases.map(([args]) => run(...args)));
  for (const [at, [, code, said]] of cases.entries()) {
    const outcome = outcomes[at] ?? expect.fail("no outcome");
    expect(outcome).toEqual({ code, said: expect.stringMatching(said) });
    expect(outcome.said).not.toMatch(/\n\s+at /);
  }
});

test("an operator removes what a person lost, and hears what it was", async () => {
  const email = `${randomBytes(8).toString("hex")}@example.com`;
  const { rows } = await pool().query(
    `INSERT INTO "User" ("id", "email", "passwordHash") VALUES (gen_random_uuid(), $1, '') RETURNING "id"`,
    [email],
  );
  const id = rows[0].id;
  await pool().query(`INSERT INTO "RecoveryCode" ("userId", "digest") VALUES ($1, '\\x01')`, [id]);
  const run = launch("latchkey.js", settings, ["reset-two-step", email.toUpperCase()]);
  expect(await run.ends(), run.output()).toBe(0);
  expect(run.output()).toContain(
    `${email}: removed 0 authenticator apps, 0 passkeys, 1 unused recovery code;`,
  );
  const left = await pool().query(`SELECT FROM "RecoveryCode" WHERE "userId" = $1`, [id]);
  expect(left.rowCount).toBe(0);
});

test("whatever is missing or wrong for a reset is one clear line, and nothing is made", async () => {
  const empty = newDataDirectory();
  const cases: [Record<string, string>, string[], RegExp][] = [
    [settings, ["nobody"], /one address such as person@example\.com/],
    [settings, ["nobody@example.com"], /nobody here has the address nobody@example\.com/],
    [{ ...settings, LATCHKEY_SECRET: "" }, ["a@example.com"], /set LATCHKEY_SECRET/],
    [
      { ...settings, DATABASE_URL: "postgresql://127.0.0.1:1/none" },
      ["a@example.com"],
      /nothing answers there/,
    ],
    [{ LATCHKEY_DATA_DIR: empty.path }, ["a@example.com"], /there is no Latchkey in/],
  ];
  const runs = cases.map(([env, args]) => launch("latchkey.js", env, ["reset-two-step", ...args]));
  for (const [at, [, args, said]] of cases.entries()) {
    const run = runs[at] ?? expect.fail("no outcome");
    expect(await run.ends()).toBe(args[0] === "nobody" ? 2 : 1);
    expect(run.output()).toMatch(said);
    expect(run.output()).not.toMatch(/\n\s+at /);
  }
  empty.remove();
});
