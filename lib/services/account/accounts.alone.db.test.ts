import { describe, expect, test, vi } from "vitest";
import { db } from "@/lib/db/client";
import {
  makeAccount,
  makeActor,
  personIn,
  refusedWith,
  signInByPassword,
  trail,
} from "@/test/support/accounts";
import { createInstance } from "../instances/change";
import { findInstanceElsewhere } from "../instances/read";
import { isSessionLive, resolveSession } from "../session/session";
import { createAccount, enterAccount, listOwnAccounts } from "./account";

const setting = vi.hoisted(() => ({ registration: "open" }));
vi.mock("@/lib/config", async (load) => {
  const { config } = await load<typeof import("@/lib/config")>();
  return { config: () => ({ ...config(), registration: setting.registration }) };
});

describe("entering another account", () => {
  test("moves this session there, with the role held there, and leaves an event there", async () => {
    const actor = await makeActor("owner");
    const other = await makeAccount("Dairy");
    await db.membership.create({ data: { userId: actor.userId, accountId: other, role: "viewer" } });
    await enterAccount(actor, { accountId: other });
    const moved = await resolveSession(actor.sessionId, actor);
    expect(moved).toMatchObject({ accountId: other, accountName: "Dairy", role: "viewer" });
    expect(await trail({ accountId: other })).toEqual(["session.entered"]);
    expect(await isSessionLive(actor), "what follows the first account ends").toBe(false);
    await enterAccount(actor, { accountId: other });
    expect(await trail({ accountId: other })).toHaveLength(1);
  });

  test("is refused for an account that is not theirs, unknown or none, and stays where it was", async () => {
    const actor = await makeActor();
    const foreign = await makeAccount();
    for (const accountId of [foreign, crypto.randomUUID(), "", "'; drop", `${foreign}\0`]) {
      expect(await refusedWith(enterAccount(actor, { accountId }))).toBe("not_found");
    }
    expect(await resolveSession(actor.sessionId, actor)).toMatchObject({ accountId: actor.accountId });
    expect(await trail({ accountId: foreign })).toEqual([]);
  });

  test("is refused once the session has ended", async () => {
    const actor = await makeActor();
    const other = await makeAccount();
    await db.membership.create({ data: { userId: actor.userId, accountId: other, role: "owner" } });
    await db.session.update({ where: { id: actor.sessionId }, data: { revokedAt: new Date() } });
    expect(await refusedWith(enterAccount(actor, { accountId: other }))).toBe("unauthenticated");
  });
});

describe("another account of one's own", () => {
  test("is made with oneself as owner, and entered, where registration is open", async () => {
    setting.registration = "open";
    const actor = await makeActor("viewer");
    await createAccount(actor, { accountName: "  Ice   cream " });
    const moved = await resolveSession(actor.sessionId, actor);
    expect(moved).toMatchObject({ accountName: "Ice cream", role: "owner" });
    expect(await listOwnAccounts(actor)).toMatchObject([
      { name: "Bakery", role: "viewer" },
      { name: "Ice cream", role: "owner" },
    ]);
    expect(await refusedWith(createAccount(actor, { accountName: " " }))).toBe(
      "invalid accountName:required",
    );
  });

  test("is not made where registration is closed", async () => {
    setting.registration = "closed";
    const actor = await makeActor();
    expect(await refusedWith(createAccount(actor, { accountName: "Dairy" }))).toBe("registration_closed");
    expect(await listOwnAccounts(actor)).toHaveLength(1);
  });
});

describe("a person whose account is gone", () => {
  test("is still signed in, in no account, and can go to another", async () => {
    const actor = await makeActor();
    const other = await makeAccount("Dairy");
    await db.membership.create({ data: { userId: actor.userId, accountId: other, role: "owner" } });
    await db.account.delete({ where: { id: actor.accountId } });
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
    const person = await personIn(actor.sessionId, actor);
    expect(person).toMatchObject({ userId: actor.userId, email: actor.email });
    await enterAccount(actor, { accountId: other });
    expect(await resolveSession(actor.sessionId, actor)).toMatchObject({ accountName: "Dairy" });
  });

  test("signs in all the same, into no account", async () => {
    const actor = await makeActor();
    await db.membership.deleteMany({ where: { userId: actor.userId } });
    const { sessionId } = await signInByPassword(actor.email, actor);
    expect(await resolveSession(sessionId, actor)).toBeNull();
    expect(await personIn(sessionId, actor)).toMatchObject({ email: actor.email });
  });

  test.each(["", "x", "00000000-0000-7000-8000-000000000000"])("is nobody by %j", async (id) => {
    expect(await personIn(id, { address: "", userAgent: "" })).toBeNull();
  });
});

test("a link to an instance leads to the account it is in, for its members only", async () => {
  const owner = await makeActor();
  const { instanceId } = await createInstance(owner, { name: "Bread" });
  const reader = await makeActor();
  expect(await findInstanceElsewhere(reader, { instanceId })).toBeNull();
  const { accountId } = owner;
  await db.membership.create({ data: { userId: reader.userId, accountId, role: "viewer" } });
  const found = { id: accountId, name: "Bakery", role: "viewer" };
  expect(await findInstanceElsewhere(reader, { instanceId })).toEqual(found);
  for (const id of ["", "0".repeat(20), "../..", "a\0b", "x".repeat(5000)]) {
    expect(await findInstanceElsewhere(reader, { instanceId: id })).toBeNull();
  }
});
