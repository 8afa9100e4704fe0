import { TOTP } from "otpauth";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { confirmActivation, fillSignIn, signIn } from "@/e2e/fixtures";
import { genesisHash, hashOf } from "@/lib/domain/audit-chain";
import { toChainedEvent } from "@/lib/services/audit/chain";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/server/embedded-postgres/embedded-postgres";
import { freePort } from "@/server/http/listen";
import { applyMigrations } from "@/server/migrations/apply";
import { waitUntil } from "@/server/processes";
import { inBrowser } from "../deploy/journey";
import { query } from "../support/database";
import { startCallers } from "../support/gate-world";
import { killLaunched, launch, launchReady, serverProcesses } from "../support/launched";
import { canRunPrevious, type PreviousVersion, unpackPrevious } from "./previous";

let previous: PreviousVersion;
let database: EmbeddedPostgres | undefined;

beforeEach(async () => {
  previous = await unpackPrevious();
});

afterEach(async () => {
  killLaunched();
  await database?.stop("at once");
  database = undefined;
  await waitUntil(() => serverProcesses(previous.dataDir).length === 0, { withinMs: 20_000 });
  previous.remove();
});

async function openDatabase(): Promise<string> {
  database = await startEmbeddedPostgres(previous.dataDir);
  return database.urlOf("latchkey");
}

interface Columns {
  readonly table: string;
  readonly columns: string;
}

/** Every table with the columns that it has now, except the record of migrations. */
const columnsOf = (url: string) =>
  query<Columns>(
    url,
    `SELECT table_name AS "table", string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
       FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations'
      GROUP BY 1 ORDER BY 1`,
  );

/** How many rows each table has, and a digest of them, in these columns. */
async function sumsOf(url: string, tables: readonly Columns[]) {
  const sums: Record<string, { rows: number; digest: string }> = {};
  for (const { table, columns } of tables) {
    const [sum] = await query<{ rows: number; digest: string }>(
      url,
      `SELECT count(*)::int AS rows, md5(coalesce(string_agg(r::text, E'\n' ORDER BY r::text COLLATE "C"), '')) AS digest
         FROM (SELECT ${columns} FROM "${table}") AS r`,
    );
    if (sum) sums[table] = sum;
  }
  return sums;
}

const call = async (url: string, target: string, token?: string) => {
  const response = await fetch(`${url}${target}/send`, {
    headers: token === undefined ? {} : { "client-token": token },
  });
  return `${response.status} ${response.headers.get("latchkey-reason") ?? ""}`.trim();
};

describe.runIf(canRunPrevious())("a data directory of the previous version", () => {
  test("is migrated without a row or a value of it becoming another", async () => {
    const url = await openDatabase();
    const tables = await columnsOf(url);
    const before = await sumsOf(url, tables);
    expect(before).toMatchObject({ Account: { rows: 2 }, User: { rows: 2 }, Instance: { rows: 3 } });
    expect(before).toMatchObject({ ClientToken: { rows: 3 }, Totp: { rows: 1 }, RecoveryCode: { rows: 10 } });
    expect((await applyMigrations(url)).length).toBeGreaterThan(0);
    expect(await sumsOf(url, tables)).toEqual(before);
    expect(await applyMigrations(url)).toEqual([]);
  });

  test("is started by this one: tokens decide as they did, people sign in as they did, and the trail is whole", async () => {
    const { facts, dataDir } = previous;
    const { url, output } = await launchReady({ LATCHKEY_DATA_DIR: dataDir });
    expect(output()).toContain("brought the database up to date");
    expect(output()).not.toContain("made the secret");
    const { night, morning, parcels, token, old, parcelsToken } = facts;
    const answers = {
      current: await call(url, night, token),
      otherInstance: await call(url, morning, token),
      none: await call(url, night),
      before: await call(url, night, old),
      foreign: await call(url, night, parcelsToken),
      notEnforced: await call(url, parcels),
      wrongPath: await call(url, `${night}x`, token),
    };
    expect(answers).toEqual({
      current: "200",
      otherInstance: "200",
      none: "403 missing",
      before: "200",
      foreign: "403 unknown",
      notEnforced: "200",
      wrongPath: "404 unknown_instance",
    });
    const { email, password, seed } = facts.owner;
    await inBrowser(url, async (page) => {
      await signIn(page, email, password);
      await page.getByLabel("Code", { exact: true }).fill(new TOTP({ secret: seed }).generate());
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(/\/overview$/);
      await page.goto("/instances");
      await page.getByText("Night orders").first().waitFor();
      await page.goto("/security");
      await page.getByText("Active", { exact: true }).first().waitFor();
    });
    const doctor = launch("latchkey.js", { LATCHKEY_DATA_DIR: dataDir }, ["doctor", "--json"]);
    expect([await doctor.ends(), doctor.output()]).toEqual([0, expect.stringContaining('"right"')]);
    const embedded = launch("latchkey.js", { LATCHKEY_DATA_DIR: dataDir }, ["backup", "--with-secret", "-"]);
    expect(await embedded.ends()).toBe(0);
  });

  test("serves under its old gate and a new one at once, which decide alike and both learn of an activation", async () => {
    const { facts, secret, gate } = previous;
    const databaseUrl = await openDatabase();
    const env = { DATABASE_URL: databaseUrl, LATCHKEY_SECRET: secret, GATE_WORKERS: "1" };
    const startGate = async (program: string) => {
      const [, url = ""] = await launch(program, env).prints(
        /(?:the gate listens on|Latchkey is ready:) (\S+)\n/,
      );
      const ready = async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
      expect(await waitUntil(ready, { withinMs: 20_000 })).toBe(true);
      return url;
    };
    const callersOf = (url: string) => {
      const at = (target: string, token: string) =>
        startCallers(url, target, { token, count: 2, pauseMs: 5 });
      return {
        right: at(facts.night, facts.token),
        wrong: at(facts.night, facts.parcelsToken),
        ready: at(facts.parcels, facts.parcelsToken),
        unready: at(facts.parcels, facts.token),
      };
    };
    type Callers = ReturnType<typeof callersOf>;
    const answersOf = (callers: Callers) =>
      Object.fromEntries(
        Object.entries(callers).map(([name, { answers }]) => [name, [...answers.keys()].sort()]),
      );
    const goOn = async (...all: Callers[]) => {
      const each = all.flatMap((callers) => Object.values(callers));
      const from = each.map(({ answered }) => answered());
      const more = () => each.every(({ answered }, at) => answered() > (from[at] ?? 0) + 50);
      expect(await waitUntil(more, { withinMs: 60_000, everyMs: 50 })).toBe(true);
    };

    const oldGate = await startGate(gate);
    const onOld = callersOf(oldGate);
    await goOn(onOld);
    const migrated = launch("latchkey.js", env, ["migrate", "--json"]);
    expect([await migrated.ends(), migrated.output()]).toEqual([0, expect.stringContaining("applied")]);
    await goOn(onOld);
    const newGate = await startGate("gate.js");
    const onNew = callersOf(newGate);
    await goOn(onOld, onNew);
    const before = { right: [200], wrong: [403], ready: [200], unready: [200] };
    expect([answersOf(onOld), answersOf(onNew)]).toEqual([before, before]);

    const port = String(await freePort());
    const dashboard = launch("dashboard.js", { ...env, HOST: "127.0.0.1", PORT: port });
    await dashboard.prints(/the dashboard listens on|Latchkey is ready:/);
    await inBrowser(`http://127.0.0.1:${port}`, async (page) => {
      await page.goto("/login");
      await fillSignIn(page, facts.other.email, facts.other.password);
      await page.waitForURL(/\/overview$/);
      await page.goto("/security");
      await page.getByRole("button", { name: "Activate Token" }).click();
      await confirmActivation(page);
      await page.getByText("Confirmed by 2 of 2 gates").first().waitFor();
    });
    // Confirmed means decided so: whatever is asked from here on.
    await goOn(onOld, onNew);
    for (const { unready } of [onOld, onNew]) unready.reset();
    await goOn(onOld, onNew);
    const after = { ...before, unready: [403] };
    expect([answersOf(onOld), answersOf(onNew)]).toEqual([after, after]);
    await Promise.all([onOld, onNew].flatMap((callers) => Object.values(callers).map((each) => each.stop())));

    // What the old gate and the new dashboard have written is one chain.
    const events = await query<Record<string, unknown>>(
      databaseUrl,
      `SELECT * FROM "AuditEvent" ORDER BY "accountId", "seq"`,
    );
    const heads = new Map<string, string>();
    for (const row of events) {
      const event = toChainedEvent({ ...row, seq: BigInt(String(row.seq)) });
      expect(event.prevHash).toBe(heads.get(event.account) ?? genesisHash);
      expect(hashOf(event)).toBe(event.hash);
      heads.set(event.account, event.hash);
    }
    expect(heads.size).toBe(2);
    expect(events.map(({ action }) => action)).toContain("token.activated");
  });
});
