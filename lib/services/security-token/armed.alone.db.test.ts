import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { systemLabel } from "@/lib/domain/actor";
import { holdSeconds, mostDaysToAsk } from "@/lib/domain/armed";
import { settleMs } from "@/lib/domain/rotation";
import {
  atOnce,
  epochOf,
  makeActor,
  makeMember,
  refusedWith,
  shownToken,
  trail,
} from "@/test/support/accounts";
import { addCaller, configureYesterday, confirmedBy, minutesAgo } from "@/test/support/callers";
import { mailsTo } from "@/test/support/mail-on";
import { verifyStoredChain } from "../audit/chain";
import { dismissCaller, leaveOutCaller, takeBackCaller } from "../callers/change";
import { createInstance, removeInstance } from "../instances/change";
import { readSecurityPage } from "../security-page";
import { armSecurityToken, disarmSecurityToken } from "./armed";
import { regenerateSecurityToken, removeSecurityToken } from "./configure";
import { enforceWhenReady } from "./enforce-when-ready";
import { activateSecurityToken, deactivateSecurityToken, setInstanceEnforcement } from "./enforcement";
import { readSecurityToken } from "./token";

let owner: Actor;
let [bread, cake] = ["", ""];
let armedAt: Date;

const arm = async (more: { holdSeconds?: number; askAt?: Date } = {}) => {
  const view = await armSecurityToken(owner, { ...(await shownToken(owner)), ...more });
  armedAt = (await account()).armedAt ?? new Date(0);
  return view;
};

const account = () => db.account.findUniqueOrThrow({ where: { id: owner.accountId } });

/** What the keeper does so many seconds after arming. */
const keep = (seconds: number) =>
  enforceWhenReady.run(owner.accountId, new Date(armedAt.getTime() + seconds * 1000));

/** The names of the instances that are enforced. */
async function enforced(): Promise<string[]> {
  const where = { accountId: owner.accountId, enforced: true };
  return (await db.instance.findMany({ where, orderBy: { name: "asc" } })).map(({ name }) => name);
}

/** Has a caller's newest call carry this, so many seconds after arming. */
const calls = (id: string, token: "current" | "missing", seconds: number) =>
  pool().query(
    `UPDATE "Caller" SET "lastToken" = $2, "lastSeenAt" = $3,
            "liveAt" = CASE WHEN $2 = 'current' THEN $3 ELSE "liveAt" END,
            "notLiveAt" = CASE WHEN $2 = 'current' THEN "notLiveAt" ELSE $3 END WHERE "id" = $1`,
    [id, token, new Date(armedAt.getTime() + seconds * 1000)],
  );

const byLatchkey = async () =>
  db.auditEvent.findMany({
    where: { accountId: owner.accountId, actorLabel: systemLabel },
    orderBy: { seq: "asc" },
    select: { action: true, targetLabel: true, actorUserId: true, details: true },
  });

const view = async () => (await readSecurityPage(owner)).armed;

/** The bakery's callers: n8n of Bread is ready, curl of Cake is waited for. */
let [n8n, curl] = ["", ""];

beforeEach(async () => {
  owner = await makeActor();
  bread = (await createInstance(owner, { name: "Bread" })).instanceId;
  cake = (await createInstance(owner, { name: "Cake" })).instanceId;
  await configureYesterday(owner);
  n8n = await addCaller(owner, bread, { agent: "n8n", token: "current", at: minutesAgo(5) });
  curl = await addCaller(owner, cake, { agent: "curl", token: "missing", at: minutesAgo(5) });
});

describe("an armed token", () => {
  test("is enforced on an instance after the hold time and not before, by Latchkey for whoever armed it", async () => {
    expect(await arm()).toMatchObject({ status: "disabled", enforcedInstances: 0 });
    expect(await enforceWhenReady.accounts(new Date())).toContain(owner.accountId);
    const epoch = await epochOf(owner);
    await keep(5);
    await keep(604.9);
    expect([await enforced(), await epochOf(owner)]).toEqual([[], epoch]);
    await keep(605);
    expect(await enforced()).toEqual(["Bread"]);
    expect(await epochOf(owner)).toBe(epoch + 1n);
    expect(await account()).toMatchObject({
      enforcement: "staged",
      armedAt,
      activatedAt: new Date(armedAt.getTime() + 605_000),
    });
    expect(await byLatchkey()).toEqual([
      {
        action: "token.enforced_on",
        targetLabel: "Bread",
        actorUserId: null,
        details: { count: 1, instances: 2, armedBy: owner.email },
      },
    ]);
    await keep(100_000);
    expect(await enforced(), "whoever does not send it is waited for").toEqual(["Bread"]);
    expect(await verifyStoredChain(owner)).toMatchObject({ whole: true });
  });

  test("is active everywhere, and armed no longer, once the last instance is enforced", async () => {
    await arm();
    for (const at of [0, 600]) await keep(at);
    await calls(curl, "current", 700);
    for (const at of [700, 1300]) await keep(at);
    expect(await account()).toMatchObject({ enforcement: "on", armedAt: null, armedBy: null });
    expect(await byLatchkey()).toMatchObject([
      { action: "token.enforced_on", targetLabel: "Bread" },
      { action: "token.enforced_on", targetLabel: "Cake" },
      { action: "token.activated", details: { instances: 2, armedBy: owner.email } },
    ]);
    expect(await enforceWhenReady.accounts(new Date())).not.toContain(owner.accountId);
    const events = await trail(owner);
    await keep(2000);
    expect(await trail(owner)).toEqual(events);
  });

  test("waits for known callers, and for no stranger that is rejected already, while known callers only get in", async () => {
    const graceUntil = new Date(Date.now() + 86_400_000);
    const data = { enforcement: "grace", graceSince: new Date(), graceUntil } as const;
    await db.account.update({ where: { id: owner.accountId }, data });
    await addCaller(owner, bread, { agent: "stranger", token: "missing", at: minutesAgo(2) });
    const { accountId } = owner;
    const known = { id: curl, accountId, instanceId: cake, address: "203.0.113.5", agent: "curl" };
    await db.knownCaller.create({ data: known });
    await arm();
    await keep(5);
    expect(await view()).toMatchObject({
      instances: [
        { name: "Bread", waitingFor: 0 },
        { name: "Cake", waitingFor: 1 },
      ],
    });
    await keep(605);
    expect(await enforced()).toEqual(["Bread"]);
    expect(await account()).toMatchObject({ enforcement: "grace" });
  });

  test("waits for other callers while a known one may be among them, and for no others than that", async () => {
    const graceUntil = new Date(Date.now() + 86_400_000);
    const data = { enforcement: "grace", graceSince: new Date(), graceUntil } as const;
    await db.account.update({ where: { id: owner.accountId }, data });
    for (const instance of [bread, cake])
      await addCaller(owner, instance, { agent: "", token: "missing", others: true, at: minutesAgo(5) });
    const known = { accountId: owner.accountId, address: "203.0.113.5", agent: "curl" };
    await db.knownCaller.create({ data: { ...known, id: randomUUID(), instanceId: cake } });
    await db.caller.delete({ where: { id: curl } });
    await arm();
    await keep(5);
    await keep(605);
    expect(await enforced()).toEqual(["Bread"]);
    expect((await view())?.instances).toMatchObject([{ name: "Cake", next: { others: true } }]);
  });

  test("waits for a whole hold time again after each relapse", async () => {
    await arm({ holdSeconds: 60 });
    await keep(0);
    await calls(n8n, "missing", 30);
    await keep(35);
    await calls(n8n, "current", 50);
    await keep(55);
    await keep(114);
    expect(await enforced()).toEqual([]);
    await calls(n8n, "missing", 116);
    await calls(n8n, "current", 117);
    await keep(118);
    expect(await enforced(), "a relapse between two looks").toEqual([]);
    await keep(177);
    expect(await enforced()).toEqual([]);
    await keep(178);
    expect(await enforced()).toEqual(["Bread"]);
  });

  test("waits for nobody who was first heard after arming, nor for whom an owner left out or called gone", async () => {
    const slow = await addCaller(owner, bread, { agent: "slow", token: "missing", at: minutesAgo(9) });
    await arm({ holdSeconds: 60 });
    await addCaller(owner, bread, {
      agent: "thief",
      token: "missing",
      at: new Date(armedAt.getTime() + settleMs + 1000),
    });
    expect((await view())?.instances).toMatchObject([
      { name: "Cake", callers: 1, waitingFor: 1, next: { agent: "curl" }, newCallers: 0 },
      { name: "Bread", callers: 2, waitingFor: 1, next: { agent: "slow" }, newCallers: 1 },
    ]);
    for (const at of [0, 60]) await keep(at);
    expect(await enforced()).toEqual([]);
    await leaveOutCaller(owner, { callerId: slow });
    await keep(70);
    await takeBackCaller(owner, { callerId: slow });
    await keep(130);
    expect(await enforced(), "taken back").toEqual([]);
    await leaveOutCaller(owner, { callerId: slow });
    await calls(slow, "missing", 135);
    await dismissCaller(owner, { callerId: curl, lastSeenAt: new Date() });
    for (const at of [140, 200]) await keep(at);
    expect(await account()).toMatchObject({ enforcement: "on" });
  });

  test("counts other callers that were there before, whoever is among them", async () => {
    await addCaller(owner, bread, { agent: "", token: "missing", others: true, at: minutesAgo(5) });
    await arm({ holdSeconds: 60 });
    for (const at of [0, 60]) await keep(at);
    expect(await enforced()).toEqual([]);
    expect((await view())?.instances[1]).toMatchObject({ name: "Bread", next: { others: true } });
  });

  test("is armed no longer once somebody decides by hand: all at once, none, another token, or one less", async () => {
    const confirmed = await confirmedBy(owner);
    const ends: Record<string, () => Promise<unknown>> = {
      disarm: () => disarmSecurityToken(owner),
      "switch one off": async () => {
        await setInstanceEnforcement(owner, { instanceId: cake, enforced: true, ...confirmed });
        await setInstanceEnforcement(owner, { instanceId: cake, enforced: false });
      },
      "activate and deactivate": async () => {
        await activateSecurityToken(owner, { ...(await shownToken(owner)), ...confirmed });
        expect(await account()).toMatchObject({ armedAt: null });
        await deactivateSecurityToken(owner);
      },
      deactivate: async () => {
        await setInstanceEnforcement(owner, { instanceId: cake, enforced: true, ...confirmed });
        await deactivateSecurityToken(owner);
      },
      remove: async () => removeSecurityToken(owner, await shownToken(owner)),
    };
    for (const [name, end] of Object.entries(ends)) {
      await arm();
      await keep(0);
      await end();
      const disarmed = (await trail(owner)).filter((action) => action === "token.disarmed").length;
      expect([name, disarmed], "one event, that of what was done").toEqual([name, 1]);
      await keep(600);
      expect([name, await enforced()]).toEqual([name, []]);
      expect([name, await account()]).toEqual([
        name,
        expect.objectContaining({ armedAt: null, armedBy: null, askAt: null }),
      ]);
      expect(await view()).toBeNull();
    }
    expect(await refusedWith(disarmSecurityToken(owner))).toBe("conflict");
  });

  test("stays armed when it is regenerated, and waits until the new one was sent for the whole hold time", async () => {
    await createInstance(owner, { name: "Rolls" });
    await arm();
    await keep(0);
    await regenerateSecurityToken(owner, await shownToken(owner));
    expect(await account()).toMatchObject({ armedAt });
    await keep(600);
    expect(await enforced(), "not even where nobody calls").toEqual([]);
    await keep(1200);
    expect(await enforced()).toEqual(["Rolls"]);
  });

  test("is armed since the first click when it is armed again, with the new hold time and date", async () => {
    await arm({ askAt: new Date(Date.now() + 60_000) });
    await keep(0);
    const first = armedAt;
    await arm({ holdSeconds: 7200 });
    expect(await account()).toMatchObject({ armedAt: first, holdSeconds: 7200, askAt: null });
    await keep(7199);
    expect(await enforced()).toEqual([]);
    await keep(7200);
    expect(await enforced()).toEqual(["Bread"]);
  });

  test("needs an instance to wait for, the token that was seen, and a hold time and a date within bounds", async () => {
    const token = await shownToken(owner);
    const day = 24 * 3600 * 1000;
    const refused = (more: object) => refusedWith(armSecurityToken(owner, { ...token, ...more }));
    expect(await refused({ tokenId: "another" })).toBe("conflict");
    expect(await refused({ holdSeconds: holdSeconds.least - 1 })).toMatch(/^invalid holdSeconds/);
    expect(await refused({ holdSeconds: holdSeconds.most + 1 })).toMatch(/^invalid holdSeconds/);
    expect(await refused({ askAt: new Date() })).toMatch(/^invalid askAt/);
    expect(await refused({ askAt: new Date(Date.now() + (mostDaysToAsk + 1) * day) })).toMatch(
      /^invalid askAt/,
    );
    for (const [instanceId, confirmName] of [
      [bread, "Bread"],
      [cake, "Cake"],
    ] as const)
      await removeInstance(owner, { instanceId, confirmName });
    expect(await refused({})).toBe("conflict");
  });
});

describe("at the same time", () => {
  test("two keepers make one change", async () => {
    await arm();
    await keep(0);
    const epoch = await epochOf(owner);
    const outcomes = await atOnce(owner, () => keep(600));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill("fulfilled"));
    expect(await epochOf(owner)).toBe(epoch + 1n);
    expect(await byLatchkey()).toHaveLength(1);
  });

  test("a click and the keeper come one after the other: what is enforced is on record, and cancelled stays cancelled", async () => {
    await arm();
    await keep(0);
    await atOnce(
      owner,
      (position): Promise<unknown> => (position === 1 ? disarmSecurityToken(owner) : keep(600)),
      3,
    );
    expect(await account()).toMatchObject({ armedAt: null });
    expect(await enforced()).toHaveLength((await byLatchkey()).length);
    await keep(5000);
    expect(await enforced()).toHaveLength((await byLatchkey()).length);
    await deactivateSecurityToken(owner).catch(() => {});
    expect(await readSecurityToken(owner)).toMatchObject({ status: "disabled", enforcedInstances: 0 });
  });
});

describe("those who may change the token", () => {
  const told = async (email: string) =>
    (await mailsTo(email))
      .filter(({ template }) => template.startsWith("armed_"))
      .map(({ template, params }) => [template, params]);

  test("are told by mail of what was enforced and of the end, unless they have muted it", async () => {
    const [admin, viewer, muted] = [
      await makeMember(owner.accountId, "admin"),
      await makeMember(owner.accountId, "viewer"),
      await makeMember(owner.accountId, "owner"),
    ];
    const everybody = { memberships: { some: { accountId: owner.accountId } } };
    await db.user.updateMany({ where: everybody, data: { emailVerifiedAt: new Date() } });
    await db.membership.updateMany({
      where: { userId: muted.userId },
      data: { mutedAlerts: ["armed_enforced"] },
    });
    await createInstance(owner, { name: "Rolls" });
    await arm();
    for (const at of [0, 600]) await keep(at);
    await calls(curl, "current", 700);
    for (const at of [700, 1300]) await keep(at);
    const common = { account: "Bakery", armedBy: owner.email, path: "/security" };
    const expected = [
      ["armed_enforced", { ...common, instance: "Bread", more: 1 }],
      ["armed_done", { ...common, instances: 3 }],
    ];
    expect(await told(owner.email)).toEqual(expected);
    expect(await told(admin.email)).toEqual(expected);
    expect([await told(viewer.email), await told(muted.email)]).toEqual([[], []]);
  });

  test("are asked once, by mail and on the page, whether to go on waiting, when the date has come", async () => {
    await db.user.update({ where: { id: owner.userId }, data: { emailVerifiedAt: new Date() } });
    await arm({ askAt: new Date(Date.now() + 3600_000) });
    for (const at of [0, 600]) await keep(at);
    expect(await view()).toMatchObject({ asked: false });
    for (const at of [3610, 3620]) await keep(at);
    expect((await told(owner.email)).slice(1)).toEqual([
      ["armed_ask", { account: "Bakery", armedBy: owner.email, path: "/security", waiting: 1 }],
    ]);
    await pool().query(`UPDATE "Account" SET "askAt" = now() WHERE "id" = $1`, [owner.accountId]);
    expect(await view()).toMatchObject({ asked: true, askAt: null, instances: [{ name: "Cake" }] });
    await arm({ askAt: new Date(Date.now() + 7200_000) });
    expect(await view()).toMatchObject({ asked: false, askAt: expect.any(Date) });
    await keep(7300);
    expect(await told(owner.email)).toHaveLength(3);
  });
});
