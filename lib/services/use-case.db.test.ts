import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { Refusal } from "@/lib/domain/errors";
import { epochOf, makeActor, trail } from "@/test/support/accounts";
import { hearAnnouncements } from "@/test/support/announcements";
import { serviceSources } from "@/test/support/use-cases";
import { listAudit } from "./audit/list";
import { createInstance, renameInstance } from "./instances/change";
import { type ChangeOutcome, changeUseCase } from "./use-case";

const heardOf = hearAnnouncements();

const rename = (name: string): ChangeOutcome<null> => ({
  result: null,
  event: { action: "instance.renamed", targetType: "account", targetLabel: name },
});

/** A change of an instance that alters decisions. */
const change = (run: Parameters<typeof changeUseCase<null>>[0]["run"]) =>
  changeUseCase({ permission: "instance.change", altersDecision: true, run });

describe("a change", () => {
  test("raises the epoch, appends the event and notifies, together and on commit only", async () => {
    const actor = await makeActor();
    await change(async ({ tx, account }) => {
      await tx.account.update({ where: { id: account.id }, data: { name: "Renamed" } });
      expect(await heardOf(actor.accountId)).toEqual([]);
      return rename("Renamed");
    })(actor);
    expect(await epochOf(actor)).toBe(1n);
    expect(await heardOf(actor.accountId)).toEqual([`${actor.accountId}:1`]);
    expect(await trail(actor)).toEqual(["instance.renamed"]);
  });

  test("a failing audit event takes the change, the epoch and the notification back", async () => {
    const actor = { ...(await makeActor()), userId: "not a uuid, so the event cannot be written" };
    const failing = change(async ({ tx, account }) => {
      await tx.account.update({ where: { id: account.id }, data: { name: "Renamed" } });
      return rename("Renamed");
    })(actor);
    await expect(failing).rejects.toThrow();
    const account = await db.account.findUniqueOrThrow({ where: { id: actor.accountId } });
    expect(account).toMatchObject({ name: "Bakery", epoch: 0n });
    expect(await heardOf(actor.accountId)).toEqual([]);
    expect(await trail(actor)).toEqual([]);
  });

  test("a refusal inside leaves nothing behind", async () => {
    const actor = await makeActor();
    const refused = change(async ({ tx, account }) => {
      await tx.account.update({ where: { id: account.id }, data: { name: "Renamed" } });
      throw new Refusal("conflict");
    })(actor);
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
    const late = change(async () => rename("Late"))(actor);
    await expect(late).rejects.toMatchObject({ code: "forbidden" });
    await db.membership.deleteMany({ where: { userId, accountId } });
    const gone = change(async () => rename("Gone"))(actor);
    await expect(gone).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await trail(actor)).toEqual([]);
  });
});

/**
 * Sources beside use-case.ts that write by themselves, and why: nobody is signed in yet, in no account, or what is
 * written is no change of an account.
 */
const writers: Readonly<Record<string, string>> = {
  "account/account.ts": "makes and enters an account, and deletes its trail with it",
  "account/language.ts": "keeps the language of a person, who may be in no account",
  "account/register.ts": "makes the first account",
  "audit/append.ts": "is the trail",
  "audit/recording-rejections.ts": "records what a role does not allow",
  "identities/sign-in-with-identity.ts": "signs in",
  "members/accept-invitation.ts": "joins an account",
  "replace-secret.ts": "puts another secret in use for all of Latchkey",
  "session/end-sessions.ts": "signs out of a session that is over",
  "session/second-step.ts": "signs in",
  "session/session.ts": "notes the use of a session",
  "session/sign-in-with-passkey.ts": "signs in",
  "session/sign-in.ts": "signs in",
};

const writing =
  /\b(?:appendAudit|raiseEpoch|inTransaction|inAccountTransaction)\(|\bdb\.\w+\.(?:create|update|delete|upsert)/;

test("no use case opens a transaction, appends to the trail, raises an epoch or writes by itself", () => {
  const found = serviceSources.filter(
    (file) => file !== "use-case.ts" && writing.test(readFileSync(`lib/services/${file}`, "utf8")),
  );
  expect(found.sort()).toEqual(Object.keys(writers).sort());
});
