import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { killLaunched, launch, newDataDirectory } from "../test/support/launched";

afterEach(killLaunched);

const program = "reset-two-step.js";
const settings = {
  DATABASE_URL: process.env.DATABASE_URL ?? "",
  LATCHKEY_SECRET: process.env.LATCHKEY_SECRET ?? "",
};

test("an operator removes what a person lost, and hears what it was", async () => {
  const email = `${randomBytes(8).toString("hex")}@example.com`;
  const { rows } = await pool().query(
    `INSERT INTO "User" ("id", "email", "passwordHash") VALUES (gen_random_uuid(), $1, '') RETURNING "id"`,
    [email],
  );
  const id = rows[0].id;
  await pool().query(`INSERT INTO "RecoveryCode" ("userId", "digest") VALUES ($1, '\\x01')`, [id]);
  const run = launch(program, settings, [email.toUpperCase()]);
  expect(await run.ends(), run.output()).toBe(0);
  expect(run.output()).toContain(
    `${email}: removed 0 authenticator apps, 0 passkeys, 1 unused recovery code;`,
  );
  const left = await pool().query(`SELECT FROM "RecoveryCode" WHERE "userId" = $1`, [id]);
  expect(left.rowCount).toBe(0);
});

test("whatever is missing or wrong is one clear line, and nothing is made", async () => {
  const empty = newDataDirectory();
  const cases: [Record<string, string>, string[], RegExp][] = [
    [settings, [], /npm run reset-two-step -- person@example\.com/],
    [settings, ["nobody@example.com"], /nobody here has the address nobody@example\.com/],
    [{ ...settings, LATCHKEY_SECRET: "" }, ["a@example.com"], /set LATCHKEY_SECRET/],
    [
      { ...settings, DATABASE_URL: "postgresql://127.0.0.1:1/none" },
      ["a@example.com"],
      /nothing answers there/,
    ],
    [{ LATCHKEY_DATA_DIR: empty.path }, ["a@example.com"], /there is no Latchkey in/],
  ];
  for (const [env, args, said] of cases) {
    const run = launch(program, env, args);
    expect(await run.ends()).toBe(1);
    expect(run.output()).toMatch(said);
    expect(run.output()).not.toMatch(/\n\s+at /);
  }
  empty.remove();
});
