import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { genesisHash, type HashedEvent, hashOf } from "@/lib/domain/audit-chain";
import { connectOrCreate } from "./connect";
import { readMigrations } from "./folder";

const url = new URL(process.env.DATABASE_URL ?? "");
const name = `before_chain_${randomBytes(6).toString("hex")}`;
url.pathname = `/${name}`;

const accounts = ["0193a000-0000-7000-8000-000000000001", "0193a000-0000-7000-8000-000000000002"];
const texts = [
  "",
  "ana@example.com",
  'quote " back \\ slash /',
  "tab\t\b\f\n\r\u0001\u001f\u007f",
  "Grüße ✓ 😀 \u2028",
];

let client: pg.Client;

beforeAll(async () => {
  client = await connectOrCreate(url.href);
  const migrations = await readMigrations();
  const chain = migrations.findIndex((each) => each.name.endsWith("_audit_chain"));
  for (const { sql } of migrations.slice(0, chain)) await client.query(sql);
  await client.query(
    `INSERT INTO "Account" ("id", "name", "auditSeq") SELECT id, 'A', 0 FROM unnest($1::uuid[]) id`,
    [[...accounts, "0193a000-0000-7000-8000-000000000003"]],
  );
  for (const accountId of accounts) {
    for (const [index, text] of texts.entries()) {
      await client.query(
        `INSERT INTO "AuditEvent" ("accountId", "seq", "at", "action", "actorUserId", "actorLabel", "targetType",
           "targetId", "targetLabel", "address", "userAgent", "details")
         VALUES ($1, $2, $3, 'instance.renamed', $4, $5, 'instance', $5, $6, '10.0.0.1', $5, $7)`,
        [
          accountId,
          index + 1,
          new Date(Date.UTC(2026, 10, 1, 23, 59, 59, 7 * index)),
          index % 2 ? accountId : null,
          text,
          index % 2 ? text : null,
          JSON.stringify({ to: text, b: 9_007_199_254_74, aa: -1, B: true, from: null, count: 0 }),
        ],
      );
    }
    await client.query(`UPDATE "Account" SET "auditSeq" = $2 WHERE "id" = $1`, [accountId, texts.length]);
  }
  for (const { sql } of migrations.slice(chain, chain + 1)) await client.query(sql);
});

afterAll(async () => {
  await client.end();
  const admin = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await admin.connect();
  await admin.query(`drop database if exists ${name} with (force)`);
  await admin.end();
});

test.each(accounts)(
  "events from before the chain get the chain that the program would have made: %s",
  async (id) => {
    const { rows } = await client.query(`SELECT * FROM "AuditEvent" WHERE "accountId" = $1 ORDER BY "seq"`, [
      id,
    ]);
    expect(rows).toHaveLength(texts.length + 1);
    let prevHash = genesisHash;
    for (const row of rows) {
      const event: HashedEvent = {
        ...{ type: "event", v: 1, account: row.accountId, seq: Number(row.seq), at: row.at.toISOString() },
        ...{
          action: row.action,
          actor: row.actorLabel,
          actorId: row.actorUserId,
          targetType: row.targetType,
        },
        ...{
          targetId: row.targetId,
          target: row.targetLabel,
          address: row.address,
          userAgent: row.userAgent,
        },
        ...{ details: row.details, prevHash: row.prevHash, hash: row.hash },
      };
      expect(event).toMatchObject({ prevHash, hash: hashOf(event) });
      prevHash = event.hash;
    }
    // Said in the trail itself: what is older was not protected until now.
    expect(rows.at(-1)).toMatchObject({ action: "audit.chained", details: { events: texts.length } });
    const { rows: heads } = await client.query(
      `SELECT "auditSeq", "auditHash" FROM "Account" WHERE "id" = $1`,
      [id],
    );
    expect(heads).toEqual([{ auditSeq: String(texts.length + 1), auditHash: prevHash }]);
  },
);

test("an account without events starts its chain with its first one", async () => {
  const { rows } = await client.query(
    `SELECT "auditSeq", "auditHash" FROM "Account" WHERE NOT ("id" = ANY($1::uuid[]))`,
    [accounts],
  );
  expect(rows).toEqual([{ auditSeq: "0", auditHash: genesisHash }]);
});
