import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/transaction";
import { genesisHash, hashOf } from "@/lib/domain/audit-chain";
import { makeAccount, makeActor } from "@/test/support/accounts";
import { onDatabase, query } from "@/test/support/database";
import { createInstance } from "../instances/change";
import { appendAudit, appendAuditToAll } from "./append";
import { chainColumns, toChainedEvent } from "./chain";

async function chainOf(accountId: string) {
  const rows = await db.auditEvent.findMany({
    where: { accountId },
    orderBy: { seq: "asc" },
    select: chainColumns,
  });
  return rows.map(toChainedEvent);
}

async function expectWhole(accountId: string): Promise<number> {
  const events = await chainOf(accountId);
  let prevHash = genesisHash;
  for (const [index, event] of events.entries()) {
    expect(event).toMatchObject({ seq: index + 1, prevHash, hash: hashOf(event) });
    prevHash = event.hash;
  }
  const account = await db.account.findUniqueOrThrow({ where: { id: accountId } });
  expect(account).toMatchObject({ auditSeq: BigInt(events.length), auditHash: prevHash });
  return events.length;
}

const origin = { address: "10.0.0.1", userAgent: "Test" };

const anyEvent = { ...origin, action: "instance.renamed", actorUserId: null, actorLabel: "" } as const;

describe("appending to the audit trail", () => {
  test("keeps one chain without gaps or branches under many changes at once, some of which fail", async () => {
    const [actor, other] = await Promise.all([makeActor(), makeActor()]);
    const tries = Array.from({ length: 24 }, (_, i) =>
      createInstance(i % 2 ? actor : other, { name: `Shop ${i % 16}` }),
    );
    await Promise.allSettled(tries);
    expect(await expectWhole(actor.accountId)).toBe(9);
    expect(await expectWhole(other.accountId)).toBe(9);
  });

  test("whatever text and details an event has, they come back from the database as they were hashed", async () => {
    const accountId = await makeAccount();
    // Any UTF-16 units: NUL and halves of characters too.
    const unit = fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0xffff }));
    const text = fc.array(unit, { maxLength: 40 }).map((units) => String.fromCharCode(...units));
    const value = fc.oneof(text, fc.maxSafeInteger(), fc.boolean(), fc.constant(null), fc.constant(-0));
    await fc.assert(
      fc.asyncProperty(
        text,
        text,
        fc.dictionary(text, value, { maxKeys: 6 }),
        async (label, agent, details) => {
          await inTransaction((tx) =>
            appendAudit(tx, {
              ...{ ...origin, accountId, action: "instance.renamed", actorUserId: null, actorLabel: label },
              ...{ userAgent: agent, targetLabel: `${label}\ud800\0`, details },
            }),
          );
        },
      ),
      { numRuns: 40 },
    );
    expect(await expectWhole(accountId)).toBeGreaterThanOrEqual(40);
  });

  test("what is done to all of Latchkey stands in the trail of each account, or, rolled back, of none", async () => {
    const [one, other] = [await makeAccount(), await makeAccount()];
    await inTransaction((tx) => appendAudit(tx, { ...anyEvent, accountId: other }));
    const details = { from: "a1", to: "b2" };
    const record = { ...anyEvent, action: "server.secret_replaced", details } as const;
    const undone = inTransaction(async (tx) => {
      await appendAuditToAll(tx, record);
      throw new Error("changed my mind");
    });
    await expect(undone).rejects.toThrow("changed my mind");
    expect([await expectWhole(one), await expectWhole(other)]).toEqual([0, 1]);
    await inTransaction((tx) => appendAuditToAll(tx, record));
    expect([await expectWhole(one), await expectWhole(other)]).toEqual([1, 2]);
    expect((await chainOf(other)).at(-1)).toMatchObject({ action: "server.secret_replaced", details });
  });

  test("fails, and the change with it, when details hold a fraction or there is no such account", async () => {
    const accountId = await makeAccount();
    const event = { ...anyEvent, accountId };
    const fraction = inTransaction((tx) => appendAudit(tx, { ...event, details: { count: 0.5 } }));
    await expect(fraction).rejects.toThrow(/whole number/);
    const nobody = { ...event, accountId: "00000000-0000-7000-8000-000000000000" };
    await expect(inTransaction((tx) => appendAudit(tx, nobody))).rejects.toThrow(/no such account/);
    expect(await expectWhole(accountId)).toBe(0);
  });
});

describe("the table of events", () => {
  test.each([
    `UPDATE "AuditEvent" SET "action" = 'session.signed_out'`,
    `UPDATE "AuditEvent" SET "seq" = "seq" + 1000`,
    `DELETE FROM "AuditEvent"`,
    `TRUNCATE "AuditEvent"`,
    `TRUNCATE "Account" CASCADE`,
    `CREATE TEMP TABLE "Account" ("id" uuid); DELETE FROM "AuditEvent"`,
  ])("refuses even its owner: %s", async (statement) => {
    const { accountId } = await makeActor();
    await expect(query(config().databaseUrl, statement)).rejects.toMatchObject({ code: "42501" });
    expect(await expectWhole(accountId)).toBe(1);
  });

  test("loses events together with their whole account only", async () => {
    const [actor, other] = await Promise.all([makeActor(), makeActor()]);
    await db.account.delete({ where: { id: actor.accountId } });
    expect(await chainOf(actor.accountId)).toEqual([]);
    expect(await expectWhole(other.accountId)).toBe(1);
  });

  test("can only be added to by a role that was given no more, as docs/security/audit.md sets it up", async () => {
    const [kept, gone] = [await makeAccount(), await makeAccount()];
    for (const accountId of [kept, gone])
      await inTransaction((tx) => appendAudit(tx, { ...anyEvent, accountId }));
    const role = `latchkey_app_${randomBytes(4).toString("hex")}`;
    await onDatabase(config().databaseUrl, async (client) => {
      const [, statements = ""] =
        /```sql\n([^`]+)```/.exec(readFileSync("docs/security/audit.md", "utf8")) ?? [];
      await client.query(`${statements.replaceAll("latchkey_app", role)} SET ROLE ${role}`);
      for (const statement of [
        `ALTER TABLE "AuditEvent" DISABLE TRIGGER ALL`,
        `SET session_replication_role = replica`,
        `DROP FUNCTION "latchkey_audit_append_only" CASCADE`,
        `DELETE FROM "AuditEvent"`,
        `TRUNCATE "AuditEvent"`,
      ]) {
        await expect(client.query(statement)).rejects.toMatchObject({ code: "42501" });
      }
      await client.query(`DELETE FROM "Account" WHERE "id" = $1`, [gone]);
      expect((await client.query(`SELECT DISTINCT "accountId" FROM "AuditEvent"`)).rows).toContainEqual({
        accountId: kept,
      });
      expect(await chainOf(gone)).toEqual([]);
      await client.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });
  });
});
