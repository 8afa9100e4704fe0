import { randomBytes } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeActor } from "@/test/support/accounts";
import { killLaunched, launch } from "../test/support/launched";

afterEach(killLaunched);

const settings = {
  DATABASE_URL: process.env.DATABASE_URL ?? "",
  LATCHKEY_SECRET: process.env.LATCHKEY_SECRET ?? "",
};

async function run(...args: string[]): Promise<{ code: number | null; said: string }> {
  const program = launch("end-sessions.js", settings, args);
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
    said: expect.stringContaining(`ended 1 session of ${one.email}.`),
  });
  expect(await live()).toEqual([other.sessionId]);
  expect(await run("--all")).toEqual({
    code: 0,
    said: expect.stringMatching(/ended \d+ sessions? of \d+ pe/),
  });
  expect(await live()).toEqual([]);
});

test("whatever is missing or wrong is one clear line", async () => {
  const unknown = `${randomBytes(8).toString("hex")}@example.com`;
  const cases: [string[], RegExp][] = [
    [[], /npm run end-sessions -- person@example\.com/],
    [["--everyone"], /npm run end-sessions -- --all/],
    [["--all", unknown], /npm run end-sessions -- --all/],
    [[unknown], /nobody here has the address/],
  ];
  for (const [args, said] of cases) {
    const outcome = await run(...args);
    expect(outcome).toEqual({ code: 1, said: expect.stringMatching(said) });
    expect(outcome.said).not.toMatch(/\n\s+at /);
  }
});
