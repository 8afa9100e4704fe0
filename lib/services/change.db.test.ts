import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { config } from "@/lib/config";
import { db } from "@/lib/db/client";
import { epochChannel } from "@/lib/db/epoch";
import { Refusal } from "@/lib/domain/errors";
import { epochOf, makeActor, trail } from "@/test/support/accounts";
import { listAudit } from "./audit/list";
import { change, type Outcome } from "./change";
import { createInstance, renameInstance } from "./instances/change";

const heard: string[] = [];
let listener: pg.Client;
let fences = 0;

beforeAll(async () => {
  listener = new pg.Client({ connectionString: config().databaseUrl });
  await listener.connect();
  listener.on("notification", ({ payload = "" }) => heard.push(payload));
  await listener.query(`LISTEN ${epochChannel}`);
});

afterAll(() => listener.end());

/** Notifications arrive in order, so once this one is here all earlier ones are. */
async function heardOf(accountId: string): Promise<string[]> {
  const fence = `fence ${fences++}`;
  await db.$executeRaw`SELECT pg_notify(${epochChannel}, ${fence})`;
  for (const start = Date.now(); !heard.includes(fence) && Date.now() - start < 5000; ) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return heard.filter((payload) => payload.startsWith(accountId));
}

const rename = (name: string): Outcome<null> => ({
  result: null,
  event: { action: "instance.renamed", targetType: "account", targetLabel: name },
  altersDecision: true,
});

describe("change", () => {
  test("raises the epoch, appends the event and notifies, together and on commit only", async () => {
    const actor = await makeActor();
    const outside = AsyncLocalStorage.snapshot();
    await change(actor, "instance.change", async ({ tx, account }) => {
      await tx.account.update({ where: { id: account.id }, data: { name: "Renamed" } });
      expect(await outside(heardOf, actor.accountId)).toEqual([]);
      return rename("Renamed");
    });
    expect(await epochOf(actor)).toBe(1n);
    expect(await heardOf(actor.accountId)).toEqual([`${actor.accountId}:1`]);
    expect(await trail(actor)).toEqual(["instance.renamed"]);
  });

  test("a failing audit event takes the change, the epoch and the notification back", async () => {
    const actor = { ...(await makeActor()), userId: "not a uuid, so the event cannot be written" };
    const failing = change(actor, "instance.change", async ({ tx, account }) => {
      await tx.account.update({ where: { id: account.id }, data: { name: "Renamed" } });
      return rename("Renamed");
    });
    await expect(failing).rejects.toThrow();
    const account = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
    expect(account).toMatchObject({ name: "Bakery", epoch: 0n });
    expect(await heardOf(actor.accountId)).toEqual([]);
    expect(await trail(actor)).toEqual([]);
  });

  test("a refusal inside leaves nothing behind", async () => {
    const actor = await makeActor();
    const refused = change(actor, "instance.change", async ({ tx, account }) => {
      await tx.account.update({ where: { id: account.id }, data: { name: "Renamed" } });
      throw new Refusal("conflict");
    });
    await expect(refused).rejects.toMatchObject({ code: "conflict" });
    expect(await db.account.findUniqueOrThrow({ where: { id: actor.accountId } })).toMatchObject({
      name: "Bakery",
    });
  });

  test("a change that alters no decision keeps the epoch", async () => {
    const actor = await makeActor();
    const { instanceId } = await createInstance(actor, { name: "Bread" });
    const before = await epochOf(actor);
    await renameInstance(actor, { instanceId, name: "Cake" });
    expect(await epochOf(actor)).toBe(before);
  });
});

describe("the audit trail", () => {
  test("has no gaps and no doubles under twenty changes at once, some of which fail", async () => {
    const actor = await makeActor();
    const tries = Array.from({ length: 20 }, (_, i) => createInstance(actor, { name: `Shop ${i % 15}` }));
    const outcomes = await Promise.allSettled(tries);
    const done = outcomes.filter(({ status }) => status === "fulfilled").length;
    expect(done).toBe(15);
    const rows = await db.auditEvent.findMany({
      where: { accountId: actor.accountId },
      orderBy: { seq: "asc" },
    });
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: done + 1 }, (_, i) => BigInt(i + 1)));
    expect(await epochOf(actor)).toBe(BigInt(done));
  });

  test("pages from newest to oldest and back", async () => {
    const actor = await makeActor();
    for (let i = 0; i < 59; i++) await createInstance(actor, { name: `Shop ${i}` });
    const seqs = (page: Awaited<ReturnType<typeof listAudit>>) => page.entries.map(({ seq }) => Number(seq));
    const first = await listAudit(actor);
    expect(seqs(first)).toEqual(Array.from({ length: 25 }, (_, i) => 60 - i));
    expect(first).toMatchObject({ newer: null, older: "36" });
    const second = await listAudit(actor, { before: first.older ?? "" });
    expect([seqs(second)[0], seqs(second).at(-1)]).toEqual([35, 11]);
    const last = await listAudit(actor, { before: second.older ?? "" });
    expect(last).toMatchObject({ newer: "10", older: null });
    expect(await listAudit(actor, { after: last.newer ?? "" })).toEqual(second);
    expect(await listAudit(actor, { after: second.newer ?? "" })).toEqual(first);
    expect(await listAudit(actor, { before: "'; drop", after: "-1" })).toEqual(first);
    expect(first.entries[0]).toMatchObject({
      action: "instance.created",
      actor: actor.email,
      address: actor.address,
      targetLabel: "Shop 58",
      details: { upstream: "echo" },
    });
  });
});

describe("the role that counts", () => {
  test("is the one of the moment the change happens", async () => {
    const actor = await makeActor("admin");
    const { userId, accountId } = actor;
    await db.membership.updateMany({ where: { userId, accountId }, data: { role: "viewer" } });
    const late = change(actor, "instance.change", async () => rename("Late"));
    await expect(late).rejects.toMatchObject({ code: "forbidden" });
    await db.membership.deleteMany({ where: { userId, accountId } });
    const gone = change(actor, "instance.change", async () => rename("Gone"));
    await expect(gone).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await trail(actor)).toEqual([]);
  });
});
