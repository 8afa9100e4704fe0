import { describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import {
  freshEmail,
  freshOrigin,
  makeAccount,
  makeActor,
  makeMember,
  refusedWith,
  testPassword,
  trail,
} from "@/test/support/accounts";
import { mailsTo, sentToken } from "@/test/support/mail-on";
import { resolveSession } from "../session/session";
import { signIn } from "../session/sign-in";
import { requestVerification, verifyAddress } from "./email-address";
import { changePassword, requestPasswordReset, resetPassword } from "./password";

const newPassword = "amber meadow 2281 anchor";

const reset = (token: string, password = newPassword) => resetPassword({ token, password }, freshOrigin());

async function forgot(email: string): Promise<string> {
  await requestPasswordReset({ email }, freshOrigin());
  return sentToken(email.trim().toLowerCase(), "reset_password");
}

describe("a forgotten password", () => {
  test("is replaced by a link that works once, ends every session, and is told by mail", async () => {
    const actor = await makeActor();
    const token = await forgot(` ${actor.email.toUpperCase()} `);
    await reset(token);
    expect(await resolveSession(actor.sessionId, actor)).toBeNull();
    expect(await refusedWith(reset(token, "another 7719 copper kettle"))).toBe("link_invalid");
    const old = signIn({ email: actor.email, password: testPassword }, freshOrigin());
    expect(await refusedWith(old)).toBe("bad_credentials");
    await signIn({ email: actor.email, password: newPassword }, freshOrigin());
    const told = (await mailsTo(actor.email)).map(({ template }) => template);
    expect(told).toEqual(expect.arrayContaining(["reset_password", "password_changed"]));
    expect(await trail(actor)).toEqual([
      "password.reset_requested",
      "password.reset",
      "session.sign_in_failed",
    ]);
    const user = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
    expect(user.emailVerifiedAt).toBeInstanceOf(Date);
  });

  test("of an unknown address gets the same answer, and no mail", async () => {
    const email = freshEmail();
    expect(await requestPasswordReset({ email }, freshOrigin())).toBeUndefined();
    expect(await mailsTo(email)).toEqual([]);
    expect(await requestPasswordReset({ email: "a\0b" }, freshOrigin())).toBeUndefined();
  });

  test("asked for too often sends no more mails and says nothing about it; the newest link counts", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    for (let i = 0; i < 7; i++) await requestPasswordReset({ email }, freshOrigin());
    expect(await mailsTo(email)).toHaveLength(5);
    await reset(await sentToken(email, "reset_password"));
  });

  test("asked for by a stranger again and again leaves its owner a link that counts, a mail to confirm the address, and a way in that guessing shut", async () => {
    const actor = await makeActor();
    const { email } = actor;
    for (let i = 0; i < 7; i++) await requestPasswordReset({ email }, freshOrigin());
    await db.mailLink.updateMany({ where: { userId: actor.userId }, data: { expiresAt: new Date() } });
    const token = await forgot(email);
    await requestVerification(actor);
    const wrong = { email, password: "not the right password at all" };
    for (let i = 0; i < 11; i++) await refusedWith(signIn(wrong, freshOrigin()));
    const place = freshOrigin();
    await resetPassword({ token, password: newPassword }, place);
    const right = { email, password: newPassword };
    expect(await refusedWith(signIn(right, freshOrigin())), "from elsewhere").toBe("limited");
    expect(await signIn(right, place)).toMatchObject({ step: "done" });
  });

  test("has one link: a newer one ends the older", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    const first = await forgot(email);
    const second = await forgot(email);
    expect(await refusedWith(reset(first))).toBe("link_invalid");
    await reset(second);
  });

  test("takes no link that is too old, forged, empty, or meant for something else", async () => {
    const actor = await makeActor();
    await requestVerification(actor);
    const other = await sentToken(actor.email, "verify_address");
    const token = await forgot(actor.email);
    const forged = [
      token.slice(0, -1),
      `${token}x`,
      token.toUpperCase(),
      "",
      "a\0b",
      "x".repeat(5000),
      other,
    ];
    for (const each of forged) expect(await refusedWith(reset(each))).toBe("link_invalid");
    await db.mailLink.updateMany({ where: { userId: actor.userId }, data: { expiresAt: new Date() } });
    expect(await refusedWith(reset(token))).toBe("link_invalid");
    expect(await resolveSession(actor.sessionId, actor)).not.toBeNull();
  });

  test("keeps its link when the new password is refused", async () => {
    const { email } = await makeMember(await makeAccount("Night Bakery"), "owner");
    const token = await forgot(email);
    expect(await refusedWith(reset(token, "short"))).toBe("invalid password:too_short");
    expect(await refusedWith(reset(token, "night bakery night bakery"))).toBe(
      "invalid password:password_common",
    );
    await reset(token);
  });

  test("does not go around the second step: a sign-in that waited for it is over", async () => {
    const { userId, email } = await makeMember(await makeAccount(), "owner");
    await db.user.update({ where: { id: userId }, data: { emailVerifiedAt: new Date() } });
    await db.totp.create({ data: { userId, active: true, seedSealed: "sealed" } });
    const outcome = await signIn({ email, password: testPassword }, freshOrigin());
    expect(outcome.step).toBe("second");
    await reset(await forgot(email));
    expect(await db.pendingSignIn.count({ where: { userId } })).toBe(0);
    const again = await signIn({ email, password: newPassword }, freshOrigin());
    expect(again.step).toBe("second");
    expect(await db.session.count({ where: { userId, revokedAt: null } })).toBe(0);
  });

  test("brought by two at once is set by one", async () => {
    const { email } = await makeMember(await makeAccount(), "owner");
    const token = await forgot(email);
    const outcomes = await Promise.allSettled([reset(token), reset(token, "another 7719 copper kettle")]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("leaves nothing in the database that opens a link", async () => {
    const { userId, email } = await makeMember(await makeAccount(), "owner");
    const token = await forgot(email);
    const stored = [await db.mailLink.findMany({ where: { userId } }), await db.outbox.findMany()];
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe("an address", () => {
  test("is confirmed by its link, once", async () => {
    const actor = await makeActor();
    await requestVerification(actor);
    const token = await sentToken(actor.email, "verify_address");
    await verifyAddress({ token: `https://latchkey.example.com/verify-address#${token}` }, actor);
    const user = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
    expect(user.emailVerifiedAt).toBeInstanceOf(Date);
    expect(await refusedWith(verifyAddress({ token }, actor))).toBe("link_invalid");
    expect(await trail(actor)).toEqual(["email.verified"]);
  });

  test("that has changed since is not confirmed by a link to the old one", async () => {
    const actor = await makeActor();
    await requestVerification(actor);
    const token = await sentToken(actor.email, "verify_address");
    await db.user.update({ where: { id: actor.userId }, data: { email: freshEmail() } });
    expect(await refusedWith(verifyAddress({ token }, actor))).toBe("link_invalid");
  });
});

describe("changing the password", () => {
  test("asks for the current one, ends the other sessions and keeps this one", async () => {
    const actor = await makeActor();
    const { sessionId } = await makeOtherSession(actor.email);
    const wrong = changePassword(actor, { current: "not the password at all", password: newPassword });
    expect(await refusedWith(wrong)).toBe("invalid current:password_wrong");
    await changePassword(actor, { current: testPassword, password: newPassword });
    expect(await resolveSession(actor.sessionId, actor)).not.toBeNull();
    expect(await resolveSession(sessionId, actor)).toBeNull();
    expect((await mailsTo(actor.email)).map(({ template }) => template)).toContain("password_changed");
    expect(await trail(actor)).toEqual(["session.proof_failed", "password.changed"]);
  });

  test("ends a link to reset it", async () => {
    const actor = await makeActor();
    const token = await forgot(actor.email);
    await changePassword(actor, { current: testPassword, password: newPassword });
    expect(await refusedWith(reset(token))).toBe("link_invalid");
  });
});

async function makeOtherSession(email: string): Promise<{ sessionId: string }> {
  const outcome = await signIn({ email, password: testPassword }, freshOrigin());
  if (outcome.step !== "done") throw new Error("a second step is asked for");
  return outcome;
}
