import { randomBytes } from "node:crypto";
import pg from "pg";
import { expect, test } from "vitest";
import { makeActor } from "@/test/support/accounts";
import { applyMigrations } from "../migrations/apply";
import { restoreInto, sumsOf, withClient } from "./database";
import { readBackup } from "./form";
import { withBackupOf } from "./take";

const source = process.env.DATABASE_URL ?? "";

/** The address of a database beside the tests' own, which goes with their server. */
function beside(): string {
  const url = new URL(source);
  url.pathname = `/restored_${randomBytes(6).toString("hex")}`;
  return url.href;
}

async function contentOf(url: string): Promise<{ pieces: Buffer[]; sums: object }> {
  const pieces: Buffer[] = [];
  const { sums } = await withBackupOf(url, false, async (content) => {
    for await (const piece of content) pieces.push(piece);
  });
  return { pieces, sums };
}

async function* from(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

test("a restore has the counts and digests of what was backed up, adds to nothing, and takes all or nothing", async () => {
  await makeActor();
  await makeActor();
  const { pieces, sums } = await contentOf(source);
  const target = beside();
  const restored = await restoreInto(target, await readBackup(from(pieces)), async () => {});
  expect(restored).toEqual(sums);
  expect(restored.User?.rows).toBe(2);
  await expect(restoreInto(target, await readBackup(from(pieces)), async () => {})).rejects.toThrow(
    /not empty/,
  );

  const half = beside();
  const cut = Buffer.concat(pieces).subarray(0, -40);
  await expect(restoreInto(half, await readBackup(from([cut])), async () => {})).rejects.toThrow(/cut off/);
  const left = await withClient(half, (client) => sumsOf(client));
  expect(Object.values(left).reduce((count, { rows }) => count + rows, 0)).toBe(0);
  expect(await restoreInto(half, await readBackup(from(pieces)), async () => {})).toEqual(sums);
});

test("what is written meanwhile is in no backup", async () => {
  const before = await contentOf(source);
  const pieces: Buffer[] = [];
  const { sums } = await withBackupOf(source, false, async (content) => {
    for await (const piece of content) {
      if (pieces.length === 1) await makeActor();
      pieces.push(piece);
    }
  });
  expect(sums).toEqual(before.sums);
});

test("a backup of the version before is brought up to date, and its tables take what they do not know yet", async () => {
  const older = beside();
  const all = await applyMigrations(beside());
  const before = all.slice(0, all.indexOf("20261130071500_secret_keys"));
  await applyMigrations(older, undefined, before);
  // What the version before does: it knows nothing of the new columns.
  const account = `INSERT INTO "Account" ("id", "name") VALUES (gen_random_uuid(), 'older') RETURNING "id"`;
  const token = `INSERT INTO "ClientToken" ("id", "accountId", "state", "digest", "lastFour")
                 SELECT gen_random_uuid(), "id", 'retired', '\\x01', '0000' FROM "Account"`;
  const client = new pg.Client({ connectionString: older });
  await client.connect();
  await client.query(`${account}; ${token}`);
  await applyMigrations(older);
  // And goes on doing while a newer one has brought the tables up to date.
  await client.query(token);
  await client.end();
  const { pieces } = await contentOf(older);
  const restored = await restoreInto(beside(), await readBackup(from(pieces)), async () => {});
  expect(restored.ClientToken?.rows).toBe(2);
});
