import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { instanceTokenDigest } from "@/lib/crypto/digest";
import { boxContext, seal } from "@/lib/crypto/sealed-box";
import { type GateWorld, openGateWorld, startCallers } from "@/test/support/gate-world";
import { killLaunched, type Launched, launch } from "@/test/support/launched";
import { query } from "../test/support/database";
import { applyMigrations } from "./migrations/apply";

// Drills: what an operator does when something is lost, leaks or moves, with counts and digests before and after.

const secret = process.env.LATCHKEY_SECRET ?? "";
const folder = mkdtempSync(join(tmpdir(), "latchkey-keep-"));
const secretFile = join(folder, "secret");
const databases: string[] = [];
let source: string;
let world: GateWorld;

const databaseNamed = (name: string) => {
  const url = new URL(process.env.DATABASE_URL ?? "");
  url.pathname = `/keep_${name}_${randomBytes(4).toString("hex")}`;
  databases.push(url.pathname.slice(1));
  return url.href;
};

/** More instances, each with a token that is sealed: enough that replacing the secret takes several transactions. */
async function addInstances(count: number): Promise<void> {
  const [account] = await query<{ id: string }>(source, `SELECT "id" FROM "Account" LIMIT 1`);
  const rows = Array.from({ length: count }, () => {
    const id = randomBytes(10).toString("hex");
    return {
      id,
      digest: instanceTokenDigest(id).toString("hex"),
      box: seal(id, boxContext.instanceToken(id)),
    };
  });
  await query(
    source,
    `INSERT INTO "Instance" ("id", "accountId", "name", "tokenDigest", "tokenSealed", "updatedAt")
     SELECT r.id, $1, 'more', decode(r.digest, 'hex'), r.box, now()
       FROM unnest($2::text[], $3::text[], $4::text[]) AS r(id, digest, box)`,
    [account?.id, rows.map(({ id }) => id), rows.map(({ digest }) => digest), rows.map(({ box }) => box)],
  );
}

beforeAll(async () => {
  source = databaseNamed("source");
  await applyMigrations(source);
  world = await openGateWorld(source);
  const id = world.world.idOf("closed");
  const box = seal(world.world.instanceTokenOf("closed"), boxContext.instanceToken(id));
  await query(source, `UPDATE "Instance" SET "tokenSealed" = $2 WHERE "id" = $1`, [id, box]);
  await query(source, `DELETE FROM "Instance" WHERE "tokenSealed" = ''`);
  await addInstances(500);
  writeFileSync(secretFile, `${secret}\n`, { mode: 0o600 });
});

afterEach(killLaunched);

afterAll(async () => {
  await world.close();
  const admin = new URL(process.env.DATABASE_URL ?? "");
  admin.pathname = "/postgres";
  for (const name of databases) await query(admin.href, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  rmSync(folder, { recursive: true, force: true });
});

const latchkey = (env: Record<string, string>, ...args: string[]): Launched =>
  launch("latchkey.js", env, args);

async function ended(run: Launched): Promise<{ code: number | null; said: string }> {
  return { code: await run.ends(), said: run.output() };
}

describe("a restore drill", () => {
  const file = join(folder, "encrypted.backup");
  const bare = join(folder, "bare.backup");
  const identityFile = join(folder, "identity");
  let told: { tables: Record<string, { rows: number; sha256: string }> };

  beforeAll(async () => {
    const identity = await generateIdentity();
    writeFileSync(identityFile, `${identity}\n`);
    const env = { DATABASE_URL: source, LATCHKEY_SECRET_FILE: secretFile };
    const recipient = `--recipient=${await identityToRecipient(identity)}`;
    const made = await ended(latchkey(env, "backup", recipient, "--json", file));
    expect(made, made.said).toMatchObject({ code: 0 });
    told = JSON.parse(made.said.slice(made.said.indexOf("{")));
    expect(told).toMatchObject({ encrypted: true, secret: true });
    const plain = await ended(latchkey(env, "backup", "--without-secret", bare));
    expect(plain, plain.said).toMatchObject({
      code: 0,
      said: expect.stringMatching(/NOT ENCRYPTED[\s\S]*THE SECRET IS NOT IN IT/),
    });
  });

  test("what comes back has the counts and digests of what was there, and the gate lets the same callers in", async () => {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(told.tables.Instance?.rows).toBe(501);
    const target = databaseNamed("restored");
    const kept = join(folder, "restored-secret");
    const restored = await ended(
      latchkey(
        { DATABASE_URL: target },
        "restore",
        `--identity-file=${identityFile}`,
        `--keep-in=${kept}`,
        "--json",
        file,
      ),
    );
    expect(restored, restored.said).toMatchObject({ code: 0 });
    const answer = JSON.parse(restored.said.slice(restored.said.indexOf("{\n")));
    expect(answer.tables).toEqual(told.tables);
    expect(readFileSync(kept, "utf8")).toBe(`${secret}\n`);
    const gate = await world.startGate({
      DATABASE_URL: target,
      LATCHKEY_SECRET: "",
      LATCHKEY_SECRET_FILE: kept,
      GATE_WORKERS: "1",
    });
    expect(await world.statusOf(gate)).toBe(200);
    expect(await world.statusOf(gate, "lkc_x")).toBe(403);

    const again = await ended(latchkey({ DATABASE_URL: target, LATCHKEY_SECRET: secret }, "restore", bare));
    expect(again).toMatchObject({ code: 3, said: expect.stringContaining("is not empty") });
  });

  test("what is cut off, edited, newer, for somebody else or without its secret is refused before anything is written", async () => {
    const target = databaseNamed("refused");
    const whole = readFileSync(bare);
    const cut = join(folder, "cut.backup");
    writeFileSync(cut, whole.subarray(0, whole.length - 20));
    const cutEncrypted = join(folder, "cut-encrypted.backup");
    writeFileSync(cutEncrypted, readFileSync(file).subarray(0, -20));
    const edited = join(folder, "edited.backup");
    const changed = Buffer.from(whole);
    const middle = Math.floor(changed.length / 2);
    changed[middle] = (changed[middle] ?? 0) ^ 0x10;
    writeFileSync(edited, changed);
    const other = join(folder, "other-identity");
    writeFileSync(other, `${await generateIdentity()}\n`);
    const right = { LATCHKEY_SECRET: secret };
    const wrong = { LATCHKEY_SECRET: "another secret, which is long enough too" };
    const cases: [Record<string, string>, string[], RegExp][] = [
      [right, [cut], /cut off/],
      [right, [`--identity-file=${identityFile}`, cutEncrypted], /is cut off, damaged or was edited/],
      [right, [edited], /damaged or was edited/],
      [right, [file], /is encrypted: give/],
      [right, [`--identity-file=${other}`, file], /cannot be opened with that/],
      [wrong, [bare], /not the one of this backup/],
      [{}, [bare], /has no secret[\s\S]*501 instance tokens/],
    ];
    for (const [env, args, said] of cases) {
      const outcome = await ended(latchkey({ DATABASE_URL: target, ...env }, "restore", ...args));
      expect(outcome.said).toMatch(said);
      expect(outcome.code).toBeGreaterThan(0);
      expect(outcome.said).not.toMatch(/\n\s+at /);
    }
    await expect(query(target, "SELECT 1")).rejects.toThrow(/does not exist/);
  });

  test("a restore that is killed leaves nothing half, and the next one does it", async () => {
    const target = databaseNamed("killed");
    const env = { DATABASE_URL: target, LATCHKEY_SECRET: secret };
    await applyMigrations(target);
    // It waits for this lock in the middle of its work.
    const holder = new pg.Client({ connectionString: target });
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE "TrafficHour" IN SHARE MODE`);
    const run = latchkey(env, "restore", bare);
    const isWaiting = `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'latchkey-backup' AND wait_event_type = 'Lock'`;
    const waiting = async () => (await query<{ count: number }>(target, isWaiting))[0]?.count;
    await expect.poll(waiting, { timeout: 30_000 }).toBe(1);
    run.child.kill("SIGKILL");
    await run.ends();
    await holder.query("ROLLBACK");
    await holder.end();
    expect(await query(target, `SELECT FROM "Account"`)).toEqual([]);
    const next = await ended(latchkey(env, "restore", bare));
    expect(next, next.said).toMatchObject({ code: 0 });
    expect(await query(target, `SELECT FROM "Instance"`)).toHaveLength(501);
  });
});

describe("a rotation drill", () => {
  test("under traffic no answer is wrong, killed in the middle it goes on, and the old secret is not needed afterwards", async () => {
    const env = { DATABASE_URL: source, LATCHKEY_SECRET: "", LATCHKEY_SECRET_FILE: secretFile };
    const gates = await Promise.all([1, 2].map(() => world.startGate({ ...env, GATE_WORKERS: "1" })));
    const callers = gates.flatMap(({ url }) => [
      startCallers(url, world.target, { token: world.token, count: 2, pauseMs: 2 }),
      startCallers(url, world.target, { token: `lkc_${"0".repeat(49)}`, count: 1, pauseMs: 2 }),
    ]);
    const holder = new pg.Client({ connectionString: source });
    await holder.connect();
    await holder.query("SELECT pg_advisory_lock(7315003)");
    const second = await ended(latchkey(env, "rotate-secret"));
    expect(second).toMatchObject({ code: 3, said: expect.stringContaining("being replaced already") });
    await holder.end();
    expect(readFileSync(secretFile, "utf8")).toBe(`${secret}\n`);

    const killed = latchkey(env, "rotate-secret");
    await killed.prints(/The new secret is in use/);
    killed.child.kill("SIGKILL");
    await killed.ends();
    expect(readFileSync(secretFile, "utf8").trim().split("\n")).toHaveLength(2);
    const done = await ended(latchkey(env, "rotate-secret"));
    expect(done, done.said).toMatchObject({
      code: 0,
      said: expect.stringMatching(/Put under the new secret[\s\S]*stay|Kept under a key/),
    });
    const answered = callers.map((each) => each.answered());
    await expect
      .poll(() => callers.every((each, at) => each.answered() > (answered[at] ?? 0) + 20), {
        timeout: 30_000,
      })
      .toBe(true);
    await Promise.all(callers.map((each) => each.stop()));
    for (const [at, { answers }] of callers.entries())
      expect([...answers.keys()], JSON.stringify([...answers])).toEqual([at % 2 === 0 ? 200 : 403]);

    const fresh = readFileSync(secretFile, "utf8").trim();
    expect(fresh).not.toContain(secret);
    expect(fresh.split("\n")).toHaveLength(1);
    const recorded = await query<{ events: number }>(
      source,
      `SELECT count(e.*)::int AS events FROM "Account" a LEFT JOIN "AuditEvent" e
           ON e."accountId" = a."id" AND e."action" = 'server.secret_replaced' GROUP BY a."id"`,
    );
    expect(new Set(recorded.map(({ events }) => events))).toEqual(new Set([1]));
    const prefixes = await query(source, `SELECT DISTINCT left("tokenSealed", 12) FROM "Instance"`);
    expect(prefixes).toHaveLength(1);
    const later = await world.startGate({ ...env, GATE_WORKERS: "1" });
    expect(await world.statusOf(later)).toBe(200);
    expect(await world.statusOf(later, `lkc_${"0".repeat(49)}`)).toBe(403);

    const old = launch("gate.js", { DATABASE_URL: source, LATCHKEY_SECRET: secret });
    await old.prints(/is not the|is not the one that the data/);
    expect(await old.ends()).toBeGreaterThan(0);
  });
});
