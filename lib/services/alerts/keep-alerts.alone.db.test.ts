import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { AlertKind } from "@/lib/domain/alert";
import { makeActor, shownToken } from "@/test/support/accounts";
import { addCaller, addHour, addRejected, configureYesterday, minutesAgo } from "@/test/support/callers";
import { mailsTo } from "@/test/support/mail-on";
import { dismissCaller } from "../callers/change";
import { createInstance } from "../instances/change";
import { activateSecurityToken, setInstanceEnforcement } from "../security-token/enforcement";
import { rotateSecurityToken } from "../security-token/rotate";
import { tellOfAlerts } from "./keep-alerts";
import { changeAlerts, readAlerts } from "./settings";

let owner: Actor;
let shop = "";

const confirm = ({ userId }: Actor) =>
  db.user.update({ where: { id: userId }, data: { emailVerifiedAt: new Date() } });

beforeEach(async () => {
  owner = await makeActor();
  await confirm(owner);
  shop = (await createInstance(owner, { name: "Shop" })).instanceId;
  await configureYesterday(owner);
});

/** What the owner was told of this kind: the callers that each mail names, oldest first. */
async function told(kind: AlertKind, { email } = owner): Promise<string[][]> {
  const mails = (await mailsTo(email)).filter(({ template }) => template === kind);
  return mails.map(({ params }) => ("callers" in params ? params.callers.map(({ title }) => title) : []));
}

const minutesAhead = (minutes: number) => minutesAgo(-minutes);
const isDue = async (now = new Date()) => (await tellOfAlerts.accounts(now)).includes(owner.accountId);

/** Does what a keeper does. */
async function keep(now = new Date()): Promise<void> {
  if (await isDue(now)) await tellOfAlerts.run(owner.accountId, now);
}

describe("a caller that worked and is rejected", () => {
  beforeEach(async () => {
    await activateSecurityToken(owner, await shownToken(owner));
  });

  test("is told of, however long ago the token was activated, with why and where", async () => {
    const activatedAt = minutesAgo(40 * 24 * 60);
    await db.account.update({ where: { id: owner.accountId }, data: { activatedAt } });
    expect(await isDue()).toBe(false);
    await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    await keep();
    const [mail] = await mailsTo(owner.email);
    expect(mail).toMatchObject({
      template: "caller_stopped",
      params: {
        account: "Bakery",
        callers: [{ title: "n8n", address: "203.0.113.9", instance: "Shop", reason: "missing" }],
        total: 1,
      },
    });
  });

  test("is told of once, and those of an hour in one mail", async () => {
    await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    await keep();
    await addRejected(owner, shop, { agent: "curl", reason: "retired" });
    await addRejected(owner, shop, { agent: "wget", reason: "missing", at: minutesAgo(1) });
    await keep(minutesAhead(59));
    expect(await told("caller_stopped")).toEqual([["n8n"]]);
    await keep(minutesAhead(61));
    await keep(minutesAhead(62));
    await keep(minutesAhead(180));
    expect(await told("caller_stopped")).toEqual([["n8n"], ["curl", "wget"]]);
    expect(await isDue(minutesAhead(180)), "nothing is left to tell").toBe(false);
  });

  test("is told of again when it worked in between, a day later, also when it has called no more", async () => {
    const id = await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    await keep();
    const again = (minutes: number) => ({
      rejectedAt: minutesAhead(minutes),
      lastSeenAt: minutesAhead(minutes),
    });
    await db.caller.update({ where: { id }, data: { acceptedAt: minutesAhead(119), ...again(120) } });
    await addHour(id, minutesAhead(120), "missing", "missing");
    await keep(minutesAhead(24 * 60 - 1));
    expect(await told("caller_stopped")).toHaveLength(1);
    await keep(minutesAhead(24 * 60 + 1));
    expect(await told("caller_stopped")).toHaveLength(2);
  });

  test("is no stranger, nobody who was called gone, and nobody who is rejected for something else", async () => {
    await addRejected(owner, shop, { agent: "stranger", reason: "missing", acceptedAt: null });
    await addRejected(owner, shop, { agent: "blocked", reason: "address" });
    await addRejected(owner, shop, { agent: "mended", reason: "missing", lastOutcome: "accepted" });
    await addRejected(owner, shop, { agent: "", reason: "missing", others: true });
    const callerId = await addRejected(owner, shop, { agent: "gone", reason: "missing", at: minutesAgo(1) });
    await dismissCaller(owner, { callerId, lastSeenAt: new Date() });
    expect(await isDue()).toBe(false);
    await tellOfAlerts.run(owner.accountId, new Date());
    expect(await told("caller_stopped")).toEqual([]);
  });

  test("is nobody on an instance that does not demand the token, unless known callers only get in", async () => {
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: false });
    await createInstance(owner, { name: "Depot" });
    await db.account.update({ where: { id: owner.accountId }, data: { enforcement: "staged" } });
    await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    expect(await isDue()).toBe(false);
    await db.account.update({ where: { id: owner.accountId }, data: { enforcement: "grace" } });
    await keep();
    expect(await told("caller_stopped")).toEqual([["n8n"]]);
  });

  test("is told of once, however many look at the same time", async () => {
    await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    const now = new Date();
    await Promise.all(Array.from({ length: 4 }, () => tellOfAlerts.run(owner.accountId, now)));
    expect(await told("caller_stopped")).toEqual([["n8n"]]);
  });

  test("is named as it is seen and cut, and ten are named, the rest counted", async () => {
    await addRejected(owner, shop, { agent: `n\u202e8n\r\n${"x".repeat(99)}`, reason: "missing" });
    for (let n = 0; n < 11; n++) await addRejected(owner, shop, { agent: `late-${n}`, reason: "missing" });
    await keep();
    const [mail] = await mailsTo(owner.email);
    expect(mail?.params).toMatchObject({ total: 12, callers: { length: 10 } });
    await keep(minutesAhead(61));
    const texts = (await told("caller_stopped")).flat();
    expect(texts).toHaveLength(10);
    for (const text of texts) expect(text).toMatch(/^[^\p{C}]{1,60}$/u);
  });
});

test("alerts go to owners and admins with a confirmed address who did not switch the kind off", async () => {
  const { accountId } = owner;
  const [admin, viewer, muted, unconfirmed] = [
    await makeActor("admin", accountId),
    await makeActor("viewer", accountId),
    await makeActor("admin", accountId),
    await makeActor("admin", accountId),
  ];
  for (const actor of [admin, viewer, muted]) await confirm(actor);
  await changeAlerts(muted, { kind: "caller_stopped", on: false });
  await changeAlerts(admin, { kind: "grace_ends", on: false });
  await activateSecurityToken(owner, await shownToken(owner));
  await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
  await keep();
  for (const actor of [owner, admin]) expect(await told("caller_stopped", actor)).toHaveLength(1);
  for (const actor of [viewer, muted, unconfirmed]) {
    expect(await told("caller_stopped", actor)).toHaveLength(0);
  }
  expect((await readAlerts(owner)).obstacle).toBeNull();
  expect((await readAlerts(unconfirmed)).obstacle).toBe("unconfirmed");
});

describe("the end of letting known callers in", () => {
  const hours = (count: number) => minutesAhead(count * 60);

  async function protect(graceUntil: Date, days = 14) {
    const graceSince = new Date(graceUntil.getTime() - days * 24 * 3_600_000);
    const data = { enforcement: "grace", graceSince, graceUntil } as const;
    await db.account.update({ where: { id: owner.accountId }, data });
  }

  async function know(agent: string, ended = false) {
    const id = await addCaller(owner, shop, { agent, token: "missing" });
    const { accountId } = owner;
    const row = { id, accountId, instanceId: shop, address: "203.0.113.9", agent };
    await db.knownCaller.create({
      data: { ...row, ...(ended && { endedAt: new Date(), endedBy: "token" }) },
    });
    return id;
  }

  test("is told of three days before, with those who are still let in, once for each date", async () => {
    await know("n8n");
    await know("moved", true);
    await dismissCaller(owner, { callerId: await know("gone"), lastSeenAt: minutesAhead(1) });
    await protect(hours(73));
    await keep();
    expect(await told("grace_ends")).toEqual([]);
    await keep(hours(2));
    await keep(hours(3));
    expect(await told("grace_ends")).toEqual([["n8n"]]);
    expect(await isDue(hours(3))).toBe(false);
    await protect(hours(24));
    await keep(hours(4));
    await keep(hours(5));
    expect(await told("grace_ends")).toEqual([["n8n"], ["n8n"]]);
  });

  test("is told to nobody when nobody is let in any more, or it has come", async () => {
    await know("moved", true);
    await protect(hours(24));
    expect(await isDue()).toBe(false);
    await know("n8n");
    expect(await isDue(hours(25))).toBe(false);
    expect(await isDue()).toBe(true);
  });
});

describe("the end of a rotation's overlap", () => {
  const retireAt = (at: Date) =>
    db.clientToken.updateMany({
      where: { accountId: owner.accountId, state: "retiring" },
      data: { retireAt: at },
    });

  beforeEach(async () => {
    await activateSecurityToken(owner, await shownToken(owner));
    const { tokenId } = await shownToken(owner);
    await rotateSecurityToken(owner, { tokenId, overlap: "1h" });
  });

  test("is told of in its last quarter, with those who still send the old token, once for each date", async () => {
    await addCaller(owner, shop, { agent: "old", token: "retiring" });
    await addCaller(owner, shop, { agent: "asleep", token: "current", at: minutesAgo(60) });
    await addCaller(owner, shop, { agent: "new", token: "current", at: minutesAhead(1) });
    await keep(minutesAhead(44));
    expect(await told("overlap_ends")).toEqual([]);
    await keep(minutesAhead(46));
    await keep(minutesAhead(47));
    expect(await told("overlap_ends")).toEqual([["old", "asleep"]]);
    expect(await isDue(minutesAhead(47))).toBe(false);
    await retireAt(minutesAhead(50));
    await keep(minutesAhead(48));
    await keep(minutesAhead(49));
    expect(await told("overlap_ends")).toHaveLength(2);
  });

  test("is told to nobody when all have moved, or it has come", async () => {
    await addCaller(owner, shop, { agent: "new", token: "current", at: minutesAhead(1) });
    expect(await isDue(minutesAhead(50))).toBe(false);
    await addCaller(owner, shop, { agent: "old", token: "retiring" });
    expect(await isDue(minutesAhead(61))).toBe(false);
    expect(await isDue(minutesAhead(50))).toBe(true);
  });
});
