import { afterAll, describe, expect, test } from "vitest";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { inTransaction } from "@/lib/db/transaction";
import { makeActor } from "@/test/support/accounts";
import { listInstances } from "./instances/read";
import { inviteMember } from "./members/invite";
import { limitMail } from "./session/login-limit";

afterAll(() => pool().end());

const second = "a second connection was asked for inside a transaction";

describe("inside a transaction", () => {
  test.each<[string, () => Promise<unknown>]>([
    ["a statement of the pool", () => pool().query("SELECT 1")],
    ["a connection of the pool", () => pool().connect()],
    ["the client of Prisma", () => db.account.count()],
    ["another transaction", () => inTransaction(async () => {})],
    ["a limit", () => limitMail("reset", "somebody@example.com")],
    [
      "something that is called later",
      () => new Promise((done) => setImmediate(done)).then(() => db.user.count()),
    ],
  ])("%s gets no connection, whatever the pool has left", async (_what, ask) => {
    await expect(inTransaction(async () => void (await ask()))).rejects.toThrow(second);
    // Afterwards it does.
    await expect(Promise.resolve(ask()).then((got) => release(got))).resolves.not.toThrow();
  });

  test("a pool that is asked with a callback says so too", async () => {
    const answer = () =>
      new Promise<Error | undefined>((resolve) => pool().connect((error) => resolve(error)));
    expect((await inTransaction(answer))?.message).toBe(second);
  });
});

test("more invitations at once than there are connections are all sent, and other accounts are answered", async () => {
  const owner = await makeActor();
  const many = Array.from({ length: 3 * config().databaseConnections }, (_, n) =>
    inviteMember(owner, { email: `guest-${n}@example.com`, role: "viewer" }),
  );
  expect(await listInstances(await makeActor())).toMatchObject({ total: 0 });
  expect(await Promise.all(many)).toHaveLength(3 * config().databaseConnections);
});

function release(got: unknown): void {
  if (typeof got === "object" && got && "release" in got && typeof got.release === "function") got.release();
}

describe("a connection", () => {
  test("waits for no lock and no statement without an end", async () => {
    const { rows } = await pool().query<{ name: string; setting: string }>(
      `SELECT name, setting FROM pg_settings WHERE name LIKE '%\\_timeout' AND setting <> '0'`,
    );
    const set = Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]));
    expect(set).toMatchObject({
      lock_timeout: expect.any(Number),
      statement_timeout: expect.any(Number),
      idle_in_transaction_session_timeout: expect.any(Number),
    });
  });

  test("that waits for a lock in vain says so and is free again", async () => {
    const holder = await pool().connect();
    const waiter = await pool().connect();
    try {
      await holder.query("BEGIN; SELECT pg_advisory_xact_lock(1)");
      await waiter.query("SET lock_timeout = 50");
      await expect(waiter.query("SELECT pg_advisory_xact_lock(1)")).rejects.toThrow("lock timeout");
      expect((await waiter.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    } finally {
      holder.release(true);
      waiter.release(true);
    }
  });
});
