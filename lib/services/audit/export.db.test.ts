import { randomUUID } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { config } from "@/lib/config";
import { auditKey } from "@/lib/crypto/audit-key";
import type { Actor } from "@/lib/domain/actor";
import { nobody } from "@/lib/domain/audit-filter";
import { AuditVerification } from "@/lib/domain/audit-verification";
import type { Role } from "@/lib/domain/permissions";
import { freshOrigin, makeAccount, makeMember, refusedWith, trail } from "@/test/support/accounts";
import { onDatabase } from "@/test/support/database";
import { createInstance, renameInstance } from "../instances/change";
import { exportAudit, verifyStoredChain } from "./chain";
import { listAudit, listAuditActors } from "./list";
import { recordingRejections, rejectionLimit } from "./recording-rejections";

async function exported(actor: Actor, format: string, filter = {}): Promise<string> {
  let text = "";
  for await (const piece of (await exportAudit(actor, { format, filter })).pieces) text += piece;
  return text;
}

function verdictOn(text: string) {
  const verification = new AuditVerification({ keys: [auditKey()] });
  for (const line of text.trimEnd().split("\n")) verification.take(line);
  return verification.end();
}

/** What somebody with all rights in the database can do, past the trigger. */
async function tamper(statement: string, accountId: string): Promise<void> {
  await onDatabase(config().databaseUrl, async (client) => {
    await client.query("SET session_replication_role = replica");
    await client.query(statement, [accountId]);
  });
}

/** A member who acts without having signed in: checking passwords is slow, and nothing here asks for a session. */
async function actorIn(accountId: string, role: Role = "owner"): Promise<Actor> {
  return {
    ...{ accountId, accountName: "Bakery", role, ...(await makeMember(accountId, role)) },
    ...{
      kind: "person",
      sessionId: randomUUID(),
      provenAt: new Date(),
      twoStepMissing: false,
      ...freshOrigin(),
    },
  };
}

/** The owner of an account whose trail has six events. */
async function busyActor(): Promise<Actor> {
  const actor = await actorIn(await makeAccount());
  for (let each = 1; each <= 6; each++) await createInstance(actor, { name: `Shop ${each}` });
  return actor;
}

describe("exporting", () => {
  test("JSON Lines is the whole chain of this account, its own event last, signed", async () => {
    const [actor, other] = [await busyActor(), await busyActor()];
    const text = await exported(actor, "jsonl", { group: "token" });
    const verdict = verdictOn(text);
    expect(verdict).toMatchObject({ result: "proven", account: actor.accountId, last: { seq: 7 } });
    expect(text).not.toContain(other.accountId);
    expect(text.trimEnd().split("\n")).toHaveLength(8);
    expect(JSON.parse(text.split("\n")[6] ?? "")).toMatchObject({
      action: "audit.exported",
      actor: actor.email,
      details: { format: "jsonl", part: false },
    });
  });

  test("more events than one batch holds come whole, also while more are added", async () => {
    const actor = await actorIn(await makeAccount());
    await tamper(
      `INSERT INTO "AuditEvent" ("accountId", "seq", "action", "actorLabel", "address", "userAgent", "prevHash", "hash")
       SELECT $1, n, 'session.signed_in', '', '', '', '', '' FROM generate_series(1, 1203) n`,
      actor.accountId,
    );
    await tamper(`UPDATE "Account" SET "auditSeq" = 1203 WHERE "id" = $1`, actor.accountId);
    const { pieces } = await exportAudit(actor, { format: "csv" });
    let text = "";
    for await (const piece of pieces) {
      text += piece;
      await createInstance(actor, { name: `Shop ${text.length}` });
    }
    expect(text.trimEnd().split("\r\n")).toHaveLength(1 + 1204);
  });

  test("CSV has what the filter leaves, and says so in the trail", async () => {
    const actor = await busyActor();
    const text = await exported(actor, "csv", { group: "instance" });
    expect(text.trimEnd().split("\r\n")).toHaveLength(1 + 6);
    expect((await listAudit(actor)).entries[0]).toMatchObject({
      action: "audit.exported",
      details: { format: "csv", part: true },
    });
  });

  test("is for owners and admins, and only in a format that exists", async () => {
    const account = await makeAccount();
    const [viewer, admin] = [await actorIn(account, "viewer"), await actorIn(account, "admin")];
    expect(await refusedWith(exportAudit(viewer, { format: "jsonl" }))).toBe("forbidden");
    expect(await refusedWith(exportAudit(admin, { format: "xml" }))).toBe("invalid format:choice_invalid");
    expect(await trail({ accountId: account })).toEqual([]);
    expect(verdictOn(await exported(admin, "jsonl"))).toMatchObject({ result: "proven" });
  });
});

describe("stored events that were tampered with", () => {
  const where = `WHERE "accountId" = $1`;
  test.each([
    ["edited", `UPDATE "AuditEvent" SET "actorLabel" = 'eve@example.com' ${where} AND "seq" = 3`, 3],
    [
      "edited in its details",
      `UPDATE "AuditEvent" SET "details" = '{"upstream":"x"}' ${where} AND "seq" = 3`,
      3,
    ],
    ["set back in time", `UPDATE "AuditEvent" SET "at" = "at" - interval '1 ms' ${where} AND "seq" = 3`, 3],
    ["deleted", `DELETE FROM "AuditEvent" ${where} AND "seq" = 3`, 3],
    ["deleted at the start", `DELETE FROM "AuditEvent" ${where} AND "seq" = 1`, 1],
    ["cut off", `DELETE FROM "AuditEvent" ${where} AND "seq" >= 5`, 5],
    ["all deleted", `DELETE FROM "AuditEvent" ${where}`, 1],
    [
      "swapped",
      `UPDATE "AuditEvent" SET "seq" = CASE "seq" WHEN 3 THEN -4 ELSE -3 END ${where} AND "seq" IN (3, 4);
       UPDATE "AuditEvent" SET "seq" = -"seq" WHERE "seq" < 0`,
      3,
    ],
  ])("%s: are found, named, and never signed for", async (_how, statements, seq) => {
    const actor = await busyActor();
    expect(await verifyStoredChain(actor)).toEqual({ whole: true, events: 6 });
    for (const statement of statements.split(";")) {
      if (statement.includes("$1")) await tamper(statement, actor.accountId);
      else await tamper(`${statement} AND $1::uuid IS NOT NULL`, actor.accountId);
    }
    expect(await verifyStoredChain(actor), "asked again at once").toEqual({ whole: true, events: 6 });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_001 });
    const check = await verifyStoredChain(actor).finally(() => vi.useRealTimers());
    expect(check).toMatchObject({ whole: false, breach: { expected: seq } });
    const text = await exported(actor, "jsonl");
    expect(text).not.toContain('"type":"checkpoint"');
    expect(verdictOn(text)).toMatchObject({ result: "broken", breach: { expected: seq } });
  });
});

describe("the list", () => {
  test("narrows by person, kind and day, and pages within that", async () => {
    const account = await makeAccount();
    const [ana, bob] = [await actorIn(account), await actorIn(account, "admin")];
    const { instanceId } = await createInstance(ana, { name: "Shop" });
    for (let i = 0; i < 30; i++) await renameInstance(i % 10 ? ana : bob, { instanceId, name: `Shop ${i}` });
    const list = async (filter: object, positions = {}) => listAudit(ana, { filter, ...positions });
    expect((await list({ actor: bob.email })).entries.map(({ action }) => action)).toEqual([
      "instance.renamed",
      "instance.renamed",
      "instance.renamed",
    ]);
    expect((await list({ group: "session" })).entries).toEqual([]);
    const first = await list({ group: "instance" });
    const second = await list({ group: "instance" }, { before: first.older });
    expect([first.entries.length, second.entries.length, first.newer, second.older]).toEqual([
      25,
      6,
      null,
      null,
    ]);
    expect(await list({ group: "instance" }, { after: second.newer })).toEqual(first);
    const today = new Date().toISOString().slice(0, 10);
    expect((await list({ from: today, to: today })).entries).toHaveLength(25);
    expect((await list({ from: "2031-01-01" })).entries).toEqual([]);
    expect((await list({ to: "2020-01-01" })).entries).toEqual([]);
    expect((await list({ actor: "a\0" })).entries).toEqual([]);
    expect([...(await listAuditActors(ana))].sort()).toEqual([ana.email, bob.email].sort());
    expect(nobody).not.toContain("@");
  });
});

describe("what a role does not allow", () => {
  test("is recorded with the permission, ten times an hour at most, and refused all the same", async () => {
    const account = await makeAccount();
    const [owner, viewer] = [await actorIn(account), await actorIn(account, "viewer")];
    for (let i = 0; i < rejectionLimit.points + 3; i++) {
      const tried = recordingRejections(viewer, () => createInstance(viewer, { name: "Mine" }));
      expect(await refusedWith(tried)).toBe("forbidden");
    }
    const rejected = (await listAudit(owner, { filter: { group: "authorization" } })).entries;
    expect(rejected).toHaveLength(rejectionLimit.points);
    expect(rejected.map(({ details }) => details.last)).toEqual([true, ...Array(9).fill(false)]);
    expect(rejected[0]).toMatchObject({
      action: "authorization.rejected",
      actor: viewer.email,
      address: viewer.address,
      details: { permission: "instance.create" },
    });
    expect(await verifyStoredChain(owner)).toMatchObject({ whole: true });
  });
});
