import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { readPolicy } from "@/lib/db/policy";
import { makeAccount, makeActor, personIn, refusedWith, trail } from "@/test/support/accounts";
import { hearAnnouncements } from "@/test/support/announcements";
import { createInstance } from "../instances/change";
import { configureSecurityToken } from "../security-token/configure";
import { resolveSession } from "../session/session";
import {
  changeOwnName,
  changeRetention,
  deleteAccount,
  readOwnName,
  readRetention,
  renameAccount,
} from "./account";

const heardOf = hearAnnouncements();

test("an account takes another name, and the trail says which it had", async () => {
  const actor = await makeActor("admin");
  await renameAccount(actor, { accountName: "  Night   bakery " });
  await renameAccount(actor, { accountName: "Night bakery" });
  expect(await resolveSession(actor.sessionId, actor)).toMatchObject({ accountName: "Night bakery" });
  expect(await trail(actor)).toEqual(["account.renamed"]);
  expect(await refusedWith(renameAccount(actor, { accountName: " " }))).toBe("invalid accountName:required");
});

test("a person takes a name, another one, and none", async () => {
  const actor = await makeActor("viewer");
  await changeOwnName(actor, { name: "Ana" });
  await changeOwnName(actor, { name: " Ana " });
  await changeOwnName(actor, { name: "" });
  await changeOwnName(actor, { name: "" });
  expect(await readOwnName(actor)).toBeNull();
  expect(await trail(actor)).toEqual(["member.renamed", "member.renamed"]);
  expect(await refusedWith(changeOwnName(actor, { name: "x".repeat(81) }))).toBe("invalid name:too_long");
});

test("retention is a whole number of days from 1 to 365", async () => {
  const actor = await makeActor();
  for (const days of ["0", "366", "-1", "1.5", "1e2", "٣", "ten", "99999"]) {
    expect(await refusedWith(changeRetention(actor, { days }))).toBe("invalid days:days_invalid");
  }
  await changeRetention(actor, { days: "365" });
  await changeRetention(actor, { days: " 1 " });
  await changeRetention(actor, { days: "1" });
  expect(await readRetention(actor)).toBe(1);
  expect(await trail(actor)).toEqual(["account.retention_changed", "account.retention_changed"]);
});

describe("deleting an account", () => {
  test("needs its name, typed", async () => {
    const actor = await makeActor();
    for (const confirmName of ["", "bakery", "Bakery!"]) {
      expect(await refusedWith(deleteAccount(actor, { confirmName }))).toBe(
        "invalid confirmName:name_mismatch",
      );
    }
    expect(await resolveSession(actor.sessionId, actor)).not.toBeNull();
  });

  test("ends everything in it, tells every gate, and leaves people and their other accounts alone", async () => {
    const actor = await makeActor();
    const { accountId, userId } = actor;
    const other = await makeAccount("Dairy");
    await db.membership.create({ data: { userId, accountId: other, role: "owner" } });
    const { instanceId } = await createInstance(actor, { name: "Bread" });
    await configureSecurityToken(actor);
    const before = (await heardOf(accountId)).length;
    await deleteAccount(actor, { confirmName: " Bakery " });
    expect((await heardOf(accountId)).length).toBeGreaterThan(before);
    expect(await readPolicy(instanceId)).toBeNull();
    expect(await db.auditEvent.count({ where: { accountId } })).toBe(0);
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
    expect(await personIn(actor.sessionId, actor)).toMatchObject({ userId });
    expect(await db.membership.count({ where: { userId } })).toBe(1);
    expect(await db.account.findUnique({ where: { id: other } })).not.toBeNull();
  });
});
