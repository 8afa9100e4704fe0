import { expect, test } from "vitest";
import { db } from "@/lib/db/client";
import {
  freshEmail,
  freshOrigin,
  makeActor,
  refusedWith,
  testPassword,
  trail,
} from "@/test/support/accounts";
import { mailsTo, sentToken } from "@/test/support/mail-on";
import { beginLink, readPendingLink } from "../identities/link-identity";
import { resolveSession } from "../session/session";
import { signIn } from "../session/sign-in";
import { changeAddress, readAddress, requestAddressChange } from "./email-address";
import type { LinkOpener } from "./mail-links";
import { changePassword, requestPasswordReset, resetPassword } from "./password";

const change = (token: string, opener: LinkOpener) => changeAddress({ token }, opener);
const templates = async (email: string) => (await mailsTo(email)).map(({ template }) => template);
const emailOf = async (userId: string) => (await db.user.findUniqueOrThrow({ where: { id: userId } })).email;
const signInAs = (email: string) => signIn({ email, password: testPassword }, freshOrigin());

async function asked(actor: Awaited<ReturnType<typeof makeActor>>, email = freshEmail()): Promise<string> {
  await requestAddressChange(actor, { email });
  return sentToken(email.trim().toLowerCase(), "change_address");
}

test("an address changes when the link sent to it is opened, once; both moments are told to the old one", async () => {
  const actor = await makeActor();
  const to = freshEmail();
  const token = await asked(actor, ` ${to.toUpperCase()} `);
  expect(await emailOf(actor.userId), "not before").toBe(actor.email);
  expect(await readAddress(actor)).toMatchObject({ email: actor.email, wanted: { email: to } });
  await change(token, actor);
  expect(await resolveSession(actor.sessionId, actor), "the session stays").toMatchObject({ email: to });
  expect(await readAddress(actor)).toMatchObject({ email: to, wanted: null });
  const user = await db.user.findUniqueOrThrow({ where: { id: actor.userId } });
  expect(user.emailVerifiedAt).toBeInstanceOf(Date);
  expect(await refusedWith(change(token, actor)), "used").toBe("link_invalid");
  expect(await templates(to)).toEqual(["change_address"]);
  expect(await templates(actor.email)).toEqual(
    expect.arrayContaining(["address_change_requested", "address_changed"]),
  );
  expect(await trail(actor)).toEqual(["email.change_requested", "email.changed"]);
  const events = await db.auditEvent.findMany({ where: { accountId: actor.accountId } });
  expect(
    JSON.stringify(events, (_key, value) => (typeof value === "bigint" ? `${value}` : value)),
  ).not.toContain(token);
  expect(await refusedWith(signInAs(actor.email)), "the old address").toBe("bad_credentials");
  await signInAs(to);
});

test("an address of somebody else is answered like a free one, and its holder is told", async () => {
  const [actor, other] = [await makeActor(), await makeActor()];
  expect(await requestAddressChange(actor, { email: other.email.toUpperCase() })).toBeUndefined();
  expect(await readAddress(actor)).toMatchObject({ wanted: { email: other.email } });
  expect(await templates(other.email)).toContain("address_wanted");
  expect(await templates(other.email)).not.toContain("change_address");
  expect(await trail(actor)).toEqual(["email.change_requested"]);
  expect([await emailOf(actor.userId), await emailOf(other.userId)]).toEqual([actor.email, other.email]);
});

test("an address that became somebody else's meanwhile is not taken from them", async () => {
  const [actor, other] = [await makeActor(), await makeActor()];
  const to = freshEmail();
  const [first, second] = [await asked(actor, to), await asked(other, to)];
  await change(second, other);
  expect(await refusedWith(change(first, actor))).toBe("link_invalid");
  expect([await emailOf(actor.userId), await emailOf(other.userId)]).toEqual([actor.email, to]);
  expect(await trail(actor), "nothing is recorded").toEqual(["email.change_requested"]);
});

test("takes no link that is replaced, too old, forged, or meant for something else", async () => {
  const actor = await makeActor();
  const first = await asked(actor);
  const second = await asked(actor);
  await requestPasswordReset({ email: actor.email }, freshOrigin());
  const reset = await sentToken(actor.email, "reset_password");
  for (const token of [first, reset, "", "A".repeat(43), "x".repeat(5000), "a\0b"]) {
    expect(await refusedWith(change(token, actor))).toBe("link_invalid");
  }
  expect(await refusedWith(resetPassword({ token: second, password: "amber meadow 2281 x" }, actor))).toBe(
    "link_invalid",
  );
  await db.mailLink.updateMany({ where: { userId: actor.userId }, data: { expiresAt: new Date() } });
  expect(await refusedWith(change(second, actor))).toBe("link_invalid");
  expect(await readAddress(actor)).toMatchObject({ email: actor.email, wanted: null });
});

test("a link that somebody finds in their mailbox lends its address to no stranger who asked for it", async () => {
  const [squatter, other] = [await makeActor(), await makeActor()];
  const to = freshEmail();
  const token = await asked(squatter, to);
  for (const opener of [freshOrigin(), other]) {
    expect(await refusedWith(change(token, opener))).toBe("link_signed_out");
  }
  expect(await emailOf(squatter.userId)).toBe(squatter.email);
});

test("opened in two tabs at once changes once", async () => {
  const actor = await makeActor();
  const token = await asked(actor);
  const tries = await Promise.allSettled([1, 2, 3].map(() => change(token, actor)));
  expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await trail(actor)).toEqual(["email.change_requested", "email.changed"]);
});

test("a new password stops a change that was asked for", async () => {
  const actor = await makeActor();
  const token = await asked(actor);
  await changePassword(actor, { current: testPassword, password: "copper meadow 4821 trellis" });
  expect(await refusedWith(change(token, actor))).toBe("link_invalid");
});

test("ends what was sent to the old address and what a provider vouched for there; linked sign-ins stay", async () => {
  const actor = await makeActor();
  await requestPasswordReset({ email: actor.email }, freshOrigin());
  const reset = await sentToken(actor.email, "reset_password");
  const identity = { issuer: "https://id.example.com", subject: actor.userId, email: actor.email };
  await db.identity.create({ data: { userId: actor.userId, ...identity } });
  const waiting = { ...identity, userId: actor.userId, subject: `other ${actor.userId}` };
  const secret = await db.$transaction((tx) => beginLink(tx, waiting));
  await change(await asked(actor), actor);
  const password = "amber meadow 2281 anchor";
  expect(await refusedWith(resetPassword({ token: reset, password }, actor))).toBe("link_invalid");
  expect(await readPendingLink(secret)).toBeNull();
  expect(await db.identity.count({ where: { userId: actor.userId } })).toBe(1);
});

test("bad input names its field, and one person is not asked for too often", async () => {
  const actor = await makeActor();
  const ask = (email: string) => refusedWith(requestAddressChange(actor, { email }));
  expect(await ask("")).toBe("invalid email:required");
  expect(await ask("ana")).toBe("invalid email:email_invalid");
  expect(await ask(actor.email.toUpperCase())).toBe("invalid email:email_same");
  for (let i = 0; i < 5; i++) await requestAddressChange(actor, { email: freshEmail() });
  expect(await ask(freshEmail())).toMatch(/^limited/);
});
