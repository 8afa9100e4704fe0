import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { closeAccountEvents } from "@/lib/db/account-events";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import {
  atOnce,
  makeAccount,
  makeActor,
  personIn,
  refusedWith,
  signInByPassword,
  trail,
} from "@/test/support/accounts";
import { enterAccount } from "../account/account";
import { followAccount } from "../follow-account";
import { createInstance } from "../instances/change";
import { resolveSession } from "../session/session";
import {
  changeMemberRole,
  endMemberSessions,
  leaveAccount,
  listMembers,
  removeMember,
  transferOwnership,
} from "./members";

let owner: Actor;
let accountId: string;

beforeEach(async () => {
  owner = await makeActor("owner");
  accountId = owner.accountId;
});

afterAll(closeAccountEvents);

const roleOf = async ({ userId }: Actor) =>
  (await db.membership.findUnique({ where: { userId_accountId: { userId, accountId } } }))?.role ?? null;
const owners = () => db.membership.count({ where: { accountId, role: "owner" } });

test("members are listed with what others may know of them", async () => {
  const viewer = await makeActor("viewer", accountId);
  const list = await listMembers(viewer);
  expect(list.map(({ role, self, twoStep }) => ({ role, self, twoStep }))).toEqual([
    { role: "owner", self: false, twoStep: false },
    { role: "viewer", self: true, twoStep: false },
  ]);
  expect(list[0]?.lastSeenAt).toBeInstanceOf(Date);
  expect(JSON.stringify(list)).not.toContain("argon2");
});

test("a new role counts from the next request on", async () => {
  const member = await makeActor("viewer", accountId);
  await changeMemberRole(owner, { userId: member.userId, role: "admin" });
  expect(await resolveSession(member.sessionId, member)).toMatchObject({ role: "admin" });
  await changeMemberRole(owner, { userId: member.userId, role: "admin" });
  expect(await trail(owner)).toEqual(["member.role_changed"]);
});

test("a removed member's session, live page and later clicks end at once; other accounts stay", async () => {
  const member = await makeActor("admin", accountId);
  const other = await makeAccount("Dairy");
  await db.membership.create({ data: { userId: member.userId, accountId: other, role: "owner" } });
  const elsewhere = await db.session.create({
    data: {
      userId: member.userId,
      accountId: other,
      address: "",
      userAgent: "",
      expiresAt: new Date(Date.now() + 60_000),
    },
  });
  let ended = 0;
  await followAccount(member, { event: () => {}, end: () => ended++ });
  await removeMember(owner, { userId: member.userId });
  expect(await personIn(member.sessionId, member)).toBeNull();
  expect(await refusedWith(createInstance(member, { name: "Late" }))).toBe("unauthenticated");
  expect(await resolveSession(elsewhere.id, member)).toMatchObject({ accountId: other });
  await expect.poll(() => ended, { timeout: 8000 }).toBe(1);
  expect(await trail(owner)).toEqual(["member.removed"]);
});

test("a member's sessions here can be ended: they stay a member, and what is open elsewhere comes back after a proof", async () => {
  const member = await makeActor("admin", accountId);
  const other = await makeAccount("Dairy");
  await db.membership.create({ data: { userId: member.userId, accountId: other, role: "owner" } });
  const abroad = await signInByPassword(member.email, member);
  const elsewhere = { ...member, sessionId: abroad.sessionId };
  await enterAccount(elsewhere, { accountId: other });
  await endMemberSessions(owner, { userId: member.userId });
  expect(await personIn(member.sessionId, member)).toBeNull();
  expect(await resolveSession(abroad.sessionId, member)).toMatchObject({ accountId: other });
  expect(await refusedWith(enterAccount(elsewhere, { accountId }))).toBe("sign_in_again");
  await db.session.update({ where: { id: abroad.sessionId }, data: { provenAt: new Date() } });
  await enterAccount(elsewhere, { accountId });
  expect(await resolveSession(abroad.sessionId, member)).toMatchObject({ accountId, role: "admin" });
  const again = await signInByPassword(member.email, member);
  expect(await personIn(again.sessionId, member)).not.toBeNull();
  expect(await trail(owner)).toContain("member.sessions_ended");
});

test("an admin ends no owner's sessions, and nobody their own this way", async () => {
  const admin = await makeActor("admin", accountId);
  expect(await refusedWith(endMemberSessions(admin, { userId: owner.userId }))).toBe("forbidden");
  expect(await refusedWith(endMemberSessions(owner, { userId: owner.userId }))).toBe("forbidden");
  const stranger = await makeActor();
  expect(await refusedWith(endMemberSessions(owner, { userId: stranger.userId }))).toBe("not_found");
  expect(await resolveSession(stranger.sessionId, stranger)).not.toBeNull();
});

describe("an account is never without an owner", () => {
  test("the last one cannot leave, be removed or take another role", async () => {
    const { userId } = owner;
    expect(await refusedWith(leaveAccount(owner))).toBe("last_owner");
    expect(await refusedWith(removeMember(owner, { userId }))).toBe("last_owner");
    expect(await refusedWith(changeMemberRole(owner, { userId, role: "viewer" }))).toBe("last_owner");
    expect(await trail(owner)).toEqual([]);
  });

  test("of two owners who demote each other at the same time, one stays", async () => {
    const second = await makeActor("owner", accountId);
    const pairs: readonly [Actor, Actor][] = [
      [owner, second],
      [second, owner],
    ];
    const outcomes = await atOnce(
      owner,
      (n) => {
        const [actor, target] = pairs[n] ?? [owner, second];
        return changeMemberRole(actor, { userId: target.userId, role: "viewer" });
      },
      2,
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await owners()).toBe(1);
  });

  test("of two who leave at the same time, one stays", async () => {
    const second = await makeActor("owner", accountId);
    await atOnce(owner, (n) => leaveAccount(n === 0 ? owner : second), 2);
    expect(await owners()).toBe(1);
  });

  test("an owner who was just demoted demotes nobody any more", async () => {
    const [second, third] = [await makeActor("owner", accountId), await makeActor("owner", accountId)];
    await changeMemberRole(owner, { userId: second.userId, role: "viewer" });
    const late = changeMemberRole(second, { userId: third.userId, role: "viewer" });
    expect(await refusedWith(late)).toBe("forbidden");
    expect(await roleOf(third)).toBe("owner");
  });
});

test("handing over makes one the owner and the other an admin", async () => {
  const heir = await makeActor("viewer", accountId);
  await transferOwnership(owner, { userId: heir.userId });
  expect([await roleOf(owner), await roleOf(heir)]).toEqual(["admin", "owner"]);
  expect(await refusedWith(transferOwnership(owner, { userId: heir.userId }))).toBe("forbidden");
  const alone = await makeActor("owner");
  expect(await refusedWith(transferOwnership(alone, { userId: alone.userId }))).toBe("conflict");
});

test("who leaves is signed in, in no account, and knows nothing of it any more", async () => {
  const member = await makeActor("admin", accountId);
  await leaveAccount(member);
  expect(await resolveSession(member.sessionId, member)).toBeNull();
  expect(await personIn(member.sessionId, member)).toMatchObject({ userId: member.userId });
  expect(await listMembers(owner)).toHaveLength(1);
});

describe("an admin", () => {
  test("makes and removes no owner, but everyone else", async () => {
    const [admin, other] = [await makeActor("admin", accountId), await makeActor("admin", accountId)];
    const change = (userId: string, role: string) => changeMemberRole(admin, { userId, role });
    expect(await refusedWith(change(owner.userId, "viewer"))).toBe("forbidden");
    expect(await refusedWith(change(other.userId, "owner"))).toBe("forbidden");
    expect(await refusedWith(change(admin.userId, "owner"))).toBe("forbidden");
    expect(await refusedWith(removeMember(admin, { userId: owner.userId }))).toBe("forbidden");
    await change(other.userId, "viewer");
    await removeMember(admin, { userId: other.userId });
    expect(await roleOf(other)).toBeNull();
  });
});

test("members of other accounts and ids that are none are found by nobody", async () => {
  const stranger = await makeActor("owner");
  for (const userId of [stranger.userId, crypto.randomUUID(), "", "'; drop", "a\0b"]) {
    expect(await refusedWith(changeMemberRole(owner, { userId, role: "viewer" }))).toBe("not_found");
    expect(await refusedWith(removeMember(owner, { userId }))).toBe("not_found");
    expect(await refusedWith(transferOwnership(owner, { userId }))).toBe("not_found");
  }
  expect(await resolveSession(stranger.sessionId, stranger)).not.toBeNull();
});
