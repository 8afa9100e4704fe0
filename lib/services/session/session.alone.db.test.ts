import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Origin } from "@/lib/domain/actor";
import { sessionAbsoluteSeconds, sessionIdleSeconds } from "@/lib/domain/session";
import {
  freshOrigin,
  makeAccount,
  makeActor,
  makeMember,
  refusedWith,
  signInAgain,
  testPassword,
  trail,
} from "@/test/support/accounts";
import { mailsTo } from "@/test/support/mail-on";
import { listSessions, revokeOtherSessions, revokeSession, signOut } from "./end-sessions";
import { resolveSession } from "./session";
import { signIn } from "./sign-in";

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);

describe("resolveSession", () => {
  test("tells who acts, with the role of this moment", async () => {
    const actor = await makeActor("admin");
    expect(actor).toMatchObject({ role: "admin", accountName: "Bakery" });
    await db.membership.updateMany({ where: { userId: actor.userId }, data: { role: "viewer" } });
    expect(await resolveSession(actor.sessionId, actor)).toMatchObject({ role: "viewer" });
    await db.membership.deleteMany({ where: { userId: actor.userId } });
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
  });

  test.each(["", "x", "0193-", "00000000-0000-7000-8000-000000000000", "'; drop table"])(
    "knows nobody by %j",
    async (id) => {
      expect(await resolveSession(id, { address: "", userAgent: "" })).toBeNull();
    },
  );

  test("ends after the idle limit and after the absolute limit", async () => {
    const actor = await makeActor();
    const set = (data: { lastSeenAt?: Date; expiresAt?: Date }) =>
      db.session.update({ where: { id: actor.sessionId }, data });
    await set({ lastSeenAt: ago(sessionIdleSeconds + 1) });
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
    await set({ lastSeenAt: ago(sessionIdleSeconds - 60) });
    expect(await resolveSession(actor.sessionId, actor)).not.toBeNull();
    await set({ expiresAt: ago(1) });
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
  });

  test("lasts no longer than the absolute limit from the start", async () => {
    const actor = await makeActor();
    const row = await db.session.findUniqueOrThrow({ where: { id: actor.sessionId } });
    expect(row.expiresAt.getTime() - row.createdAt.getTime()).toBe(sessionAbsoluteSeconds * 1000);
  });

  test("writes the last use once a minute at most, with where it came from, and nothing for a live refresh", async () => {
    const actor = await makeActor();
    const moved = { address: "203.0.113.7", userAgent: "Other" };
    const seen = () => db.session.findUniqueOrThrow({ where: { id: actor.sessionId } });
    const before = await seen();
    await resolveSession(actor.sessionId, moved);
    expect(await seen()).toEqual(before);
    const old = { lastSeenAt: ago(3600) };
    await db.session.update({ where: { id: actor.sessionId }, data: old });
    await resolveSession(actor.sessionId, moved, false);
    expect(await seen()).toMatchObject({ ...old, address: before.address });
    await db.session.update({ where: { id: actor.sessionId }, data: { lastSeenAt: ago(61) } });
    await resolveSession(actor.sessionId, moved);
    const after = await seen();
    expect(after).toMatchObject(moved);
    expect(Date.now() - after.lastSeenAt.getTime()).toBeLessThan(5000);
  });
});

describe("a sign-in", () => {
  test("from a new browser or network is told by mail, a known one and the first one are not", async () => {
    const { userId, email } = await makeMember(await makeAccount(), "owner");
    const told = async () =>
      (await mailsTo(email)).filter(({ template }) => template === "new_device").length;
    const from = (origin: Origin) => signIn({ email, password: testPassword }, origin);
    const home = freshOrigin();
    await from(home);
    expect(await told()).toBe(0);
    await from(home);
    expect(await told()).toBe(0);
    await from({ ...home, userAgent: "curl/8.5.0" });
    expect(await told()).toBe(1);
    await from({ ...home, address: "198.51.100.7" });
    expect(await told()).toBe(2);
    await from({ ...home, address: "198.51.100.9" });
    expect(await told()).toBe(2);
    await db.session.deleteMany({ where: { userId } });
    await db.user.update({ where: { id: userId }, data: { createdAt: ago(3600) } });
    await from(home);
    expect(await told()).toBe(3);
  });
});

describe("ending sessions", () => {
  test("reaches the person's sessions in other accounts", async () => {
    const first = await makeActor();
    const second = await signInAgain(first.email);
    const elsewhere = await makeAccount();
    await db.membership.create({ data: { userId: first.userId, accountId: elsewhere, role: "viewer" } });
    await db.session.update({ where: { id: second.sessionId }, data: { accountId: elsewhere } });
    expect(await listSessions(first)).toHaveLength(2);
    await revokeSession(first, { sessionId: second.sessionId });
    expect(await resolveSession(second.sessionId, second)).toBeNull();
    expect(await trail({ accountId: elsewhere })).toEqual(["session.revoked"]);
  });

  test("sign-out ends the session at once, and twice is as good as once", async () => {
    const actor = await makeActor();
    await signOut(actor);
    await signOut(actor);
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
    expect(await trail(actor)).toEqual(["session.signed_out"]);
  });

  test("a revoked session is dead on its next request", async () => {
    const first = await makeActor();
    const second = await signInAgain(first.email);
    const listed = await listSessions(first);
    expect(listed.map(({ id, current }) => [id, current])).toEqual([
      [first.sessionId, true],
      [second.sessionId, false],
    ]);
    await revokeSession(first, { sessionId: second.sessionId });
    expect(await resolveSession(second.sessionId, second)).toBeNull();
    expect(await listSessions(first)).toHaveLength(1);
    const again = revokeSession(first, { sessionId: second.sessionId });
    expect(await refusedWith(again)).toBe("not_found");
  });

  test("all others can be ended together", async () => {
    const first = await makeActor();
    const second = await signInAgain(first.email);
    const third = await signInAgain(first.email);
    expect(await revokeOtherSessions(first)).toBe(2);
    expect(await revokeOtherSessions(first)).toBe(0);
    expect(await resolveSession(first.sessionId, first)).not.toBeNull();
    for (const other of [second, third]) {
      expect(await resolveSession(other.sessionId, other)).toBeNull();
    }
    expect(await trail(first)).toEqual(["session.revoked"]);
  });

  test("a colleague's session is not found, nor is nonsense", async () => {
    const owner = await makeActor();
    const colleague = await makeActor("admin", owner.accountId);
    for (const sessionId of [colleague.sessionId, "x", "00000000-0000-7000-8000-000000000000"]) {
      expect(await refusedWith(revokeSession(owner, { sessionId }))).toBe("not_found");
    }
    expect(await resolveSession(colleague.sessionId, colleague)).not.toBeNull();
  });
});
