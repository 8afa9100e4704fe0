import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import { readPolicy } from "@/lib/db/policy";
import type { Actor } from "@/lib/domain/actor";
import { knownCallerKey } from "@/lib/domain/gate";
import { atOnce, epochOf, makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import {
  addCaller,
  addHour,
  addRejected,
  configureYesterday,
  confirmedBy,
  minutesAgo,
} from "@/test/support/callers";
import { watchAfterActivation } from "../callers/after-activation";
import { dismissCaller } from "../callers/change";
import { forecastActivation } from "../callers/forecast";
import { readPreflight } from "../callers/preflight";
import { createInstance } from "../instances/change";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  deactivateSecurityToken,
  setInstanceEnforcement,
} from "./enforcement";
import { endGraceOf, forecastGrace, protectKnownCallers, readGrace, setGraceEnd } from "./grace";
import { readSecurityToken } from "./token";

const dayMs = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * dayMs);

let owner: Actor;
let shop: string;

beforeEach(async () => {
  owner = await makeActor();
  shop = (await createInstance(owner, { name: "Shop" })).instanceId;
  await configureYesterday(owner);
});

const old = { token: "missing", at: minutesAgo(30), requests: 500 } as const;
const protect = async (more: object = {}, actor = owner) =>
  protectKnownCallers(actor, { ...(await shownToken(actor)), days: 14, ...more });
const knownIn = async (instanceId = shop) => [...((await readPolicy(instanceId))?.known ?? [])].sort();
const account = () => db.account.findUniqueOrThrow({ where: { id: owner.accountId } });

describe("letting known callers only in without the token", () => {
  test("makes those known that were let in often enough, and tells the gates who they are and until when", async () => {
    const epoch = await epochOf(owner);
    await addCaller(owner, shop, { agent: "n8n", ...old });
    await addCaller(owner, shop, { agent: "axios", ...old, address: "2001:db8::1" });
    expect(await protect()).toMatchObject({ status: "grace", enforcedInstances: 0 });
    const { enforcement, graceSince, graceUntil } = await account();
    expect(enforcement).toBe("grace");
    expect((graceUntil?.getTime() ?? 0) - (graceSince?.getTime() ?? 0)).toBe(14 * dayMs);
    expect(await readPolicy(shop)).toMatchObject({ enforcement: "grace", graceUntil });
    expect(await knownIn()).toEqual([
      knownCallerKey("2001:db8::1", "axios"),
      knownCallerKey("203.0.113.9", "n8n"),
    ]);
    expect(await epochOf(owner)).toBe(epoch + 1n);
    const event = await db.auditEvent.findFirst({
      where: { accountId: owner.accountId, action: "token.protected" },
    });
    expect(event?.details).toMatchObject({ count: 2, left: 0, days: 14, instances: 1 });
    expect(await readGrace(await makeActor("viewer", owner.accountId))).toMatchObject({
      total: 2,
      open: 2,
      until: graceUntil,
      callers: [{ sendsToken: false }, { sendsToken: false }],
    });
  });

  test("asks for the account's name when a caller that was seen and not left out would be rejected", async () => {
    await addCaller(owner, shop, { agent: "n8n", ...old });
    const once = await addCaller(owner, shop, { agent: "curl", ...old, requests: 1 });
    expect(await refusedWith(protect())).toBe("invalid confirmation:required");
    expect((await readSecurityToken(owner)).status).toBe("disabled");
    await protect({ leftOut: [once] });
    expect(await knownIn()).toEqual([knownCallerKey("203.0.113.9", "n8n")]);
    await deactivateSecurityToken(owner);
    // It was said once that it does not belong here.
    await protect();
    expect((await trail(owner)).slice(-3)).toEqual([
      "token.protected",
      "token.deactivated",
      "token.protected",
    ]);
  });

  test.each([
    ["others", { agent: "", ...old, others: true }],
    ["one that was let in twice", { agent: "curl", ...old, requests: 2 }],
  ])("asks for it because of %s, and takes it", async (_who, caller) => {
    await addCaller(owner, shop, caller);
    expect(await refusedWith(protect())).toBe("invalid confirmation:required");
    await protect(await confirmedBy(owner));
    expect(await knownIn()).toEqual([]);
  });

  test("asks for nothing because of callers that send the token, are gone, or were never let in", async () => {
    await addCaller(owner, shop, { agent: "ready", token: "current", requests: 1 });
    const gone = await addCaller(owner, shop, { agent: "gone", ...old, requests: 1 });
    await dismissCaller(owner, { callerId: gone, lastSeenAt: old.at });
    await addRejected(owner, shop, { agent: "blocked", reason: "address", acceptedAt: null });
    await protect();
    expect(await knownIn()).toEqual([]);
  });

  test("what was rejected makes nobody known", async () => {
    const id = await addCaller(owner, shop, { agent: "guess", ...old, requests: 2 });
    await addHour(id, minutesAgo(300), "missing", "missing", 100);
    await protect(await confirmedBy(owner));
    expect(await knownIn()).toEqual([]);
  });

  test("leaves out who is said not to belong here, and nobody of another account", async () => {
    const other = await makeActor();
    const theirs = (await createInstance(other, { name: "Theirs" })).instanceId;
    const foreign = await addCaller(other, theirs, { agent: "n8n", ...old });
    const thief = await addCaller(owner, shop, { agent: "curl", ...old });
    await addCaller(owner, shop, { agent: "n8n", ...old });
    await protect({ leftOut: [thief, foreign] });
    expect(await knownIn()).toEqual([knownCallerKey("203.0.113.9", "n8n")]);
    const rows = await db.caller.findMany({
      where: { id: { in: [thief, foreign] }, leftOutAt: { not: null } },
    });
    expect(rows.map(({ id }) => id)).toEqual([thief]);
  });

  test.each([0, 91, 1.5])("refuses %s days", async (days) => {
    expect(await refusedWith(protect({ days }))).toBe("invalid days:days_invalid");
  });

  test("of two clicks at once one counts, and one on a token that was replaced does not", async () => {
    await addCaller(owner, shop, { agent: "n8n", ...old });
    const clicks = await atOnce(owner, () => protect(), 3);
    expect(clicks.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await trail(owner)).filter((action) => action === "token.protected")).toHaveLength(1);
    await deactivateSecurityToken(owner);
    const stale = { tokenId: "00000000-0000-4000-8000-000000000000" };
    expect(await refusedWith(protect(stale))).toBe("conflict");
  });
});

describe("while known callers only get in without the token", () => {
  let n8n: string;

  beforeEach(async () => {
    n8n = await addCaller(owner, shop, { agent: "n8n", ...old });
    await protect();
  });

  test("one of them can be ended by hand, once, by its account", async () => {
    const epoch = await epochOf(owner);
    expect(await refusedWith(endGraceOf(await makeActor(), { callerId: n8n }))).toBe("conflict");
    await endGraceOf(owner, { callerId: n8n });
    expect(await knownIn()).toEqual([]);
    expect(await epochOf(owner)).toBe(epoch + 1n);
    expect(await readGrace(owner)).toMatchObject({ total: 1, open: 0, callers: [{ endedBy: "hand" }] });
    expect(await refusedWith(endGraceOf(owner, { callerId: n8n }))).toBe("not_found");
    expect(await refusedWith(endGraceOf(owner, { callerId: "x" }))).toBe("not_found");
  });

  test("the end can be moved both ways, up to ninety days from now, and not once it is over", async () => {
    for (const days of [30, 1, 90]) {
      await setGraceEnd(owner, { until: inDays(days) });
      const { graceUntil } = await account();
      expect(Math.round(((graceUntil?.getTime() ?? 0) - Date.now()) / dayMs)).toBe(days);
    }
    expect(await refusedWith(setGraceEnd(owner, { until: inDays(91) }))).toBe("invalid until:days_invalid");
    expect(await refusedWith(setGraceEnd(owner, { until: inDays(-1) }))).toBe("invalid until:days_invalid");
    await db.account.update({ where: { id: owner.accountId }, data: { graceUntil: minutesAgo(1) } });
    expect(await refusedWith(setGraceEnd(owner, { until: inDays(3) }))).toBe("conflict");
    expect(await refusedWith(endGraceOf(owner, { callerId: n8n }))).toBe("conflict");
  });

  test("from its end on the token is enforced by time alone: for gates, on pages and for changes", async () => {
    await db.account.update({ where: { id: owner.accountId }, data: { graceUntil: minutesAgo(1) } });
    expect(await readPolicy(shop)).toMatchObject({ enforcement: "on", known: null });
    expect(await readSecurityToken(owner)).toMatchObject({ status: "active", enforcedInstances: 1 });
    expect(await readGrace(owner)).toBeNull();
    expect(await refusedWith(activateSecurityToken(owner, await shownToken(owner)))).toBe("conflict");
    expect(await setInstanceEnforcement(owner, { instanceId: shop, enforced: false })).toMatchObject({
      status: "disabled",
    });
    expect(await account()).toMatchObject({ enforcement: "off", graceUntil: null });
  });

  test.each([
    [
      "activating",
      async () =>
        activateSecurityToken(owner, { ...(await shownToken(owner)), ...(await confirmedBy(owner)) }),
    ],
    ["deactivating", () => deactivateSecurityToken(owner)],
  ])("%s forgets who was known", async (_what, change) => {
    await change();
    expect(await account()).toMatchObject({ graceSince: null, graceUntil: null });
    expect(await db.knownCaller.count({ where: { accountId: owner.accountId } })).toBe(0);
    expect((await readPolicy(shop))?.known).toBeNull();
  });

  test("an instance that is enforced needs it from everybody, and known callers are back when it is released", async () => {
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: true, ...(await confirmedBy(owner)) });
    expect(await readPolicy(shop)).toMatchObject({ enforcement: "grace", enforced: true, known: null });
    expect(await readGrace(owner)).toMatchObject({ total: 0 });
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: false });
    expect((await readSecurityToken(owner)).status).toBe("grace");
    expect(await knownIn()).toEqual([knownCallerKey("203.0.113.9", "n8n")]);
  });

  test("a new instance knows nobody", async () => {
    const { instanceId } = await createInstance(owner, { name: "New" });
    expect(await readPolicy(instanceId)).toMatchObject({ enforcement: "grace", known: null });
  });

  test("strangers that are rejected already ask for no name, keep no instance from being ready, and never stopped working", async () => {
    await addRejected(owner, shop, { agent: "curl", reason: "missing" });
    await db.caller.updateMany({
      where: { accountId: owner.accountId, agent: "curl" },
      data: { lastToken: "missing", notLiveAt: new Date() },
    });
    const { callers } = (await readPreflight(owner, {})) ?? {};
    const forecast = await forecastActivation(owner, { instanceId: null });
    expect(callers?.map(({ agent, verdict }) => [agent, verdict])).toContainEqual(["curl", "rejected"]);
    expect(forecast?.rejected).toMatchObject({ total: 1, callers: [{ agent: "n8n" }] });
    expect(await watchAfterActivation(owner)).toMatchObject({ total: 0 });
    await db.caller.updateMany({
      where: { accountId: owner.accountId, agent: "n8n" },
      data: { lastToken: "current", liveAt: new Date(), lastSeenAt: new Date() },
    });
    expect(await forecastActivation(owner, { instanceId: null })).toMatchObject({
      rejected: { total: 0 },
      readyInstances: 1,
    });
    expect(await activateOnReadyInstances(owner, await shownToken(owner))).toMatchObject({
      status: "grace",
      enforcedInstances: 1,
    });
  });

  test("a known caller that was ended and is rejected since has stopped working", async () => {
    await endGraceOf(owner, { callerId: n8n });
    await db.caller.update({
      where: { id: n8n },
      data: { acceptedAt: minutesAgo(10), rejectedAt: new Date(), lastOutcome: "missing" },
    });
    expect(await watchAfterActivation(owner)).toMatchObject({ total: 1, callers: [{ agent: "n8n" }] });
  });
});

describe("what letting known callers only in would do", () => {
  test("is told by name, marks those that deserve a look, and counts requests of a week", async () => {
    const n8n = await addCaller(owner, shop, { agent: "n8n", ...old });
    await db.caller.update({ where: { id: n8n }, data: { firstSeenAt: minutesAgo(9 * 24 * 60) } });
    await addHour(n8n, minutesAgo(8 * 24 * 60), "accepted", "missing", 7);
    await addCaller(owner, shop, { agent: "axios", ...old, token: "current", requests: 5 });
    await addCaller(owner, shop, { agent: "curl", ...old, requests: 2 });
    await addCaller(owner, shop, { agent: "", ...old, others: true, requests: 40 });
    for (const host of [1, 2, 3, 4]) {
      await addCaller(owner, shop, {
        ...{ agent: "lambda", token: "missing", at: minutesAgo(120), requests: 1 },
        address: `198.51.100.${host}`,
      });
    }
    const found = await forecastGrace(await makeActor("viewer", owner.accountId));
    expect(found?.known).toMatchObject([
      { agent: "axios", sendsToken: true, lately: true, seldom: true, withoutToken: 0 },
      { agent: "n8n", sendsToken: false, lately: false, seldom: false, requests: 507, withoutToken: 500 },
    ]);
    expect(found?.unknown.map(({ agent }) => agent).sort()).toEqual([
      ...["curl", "lambda", "lambda", "lambda", "lambda"],
    ]);
    expect(found).toMatchObject({
      knownTotal: 2,
      unknownTotal: 5,
      others: ["Shop"],
      changing: [{ agent: "lambda", instanceName: "Shop", addresses: 4 }],
      rejectedLastWeek: 2 + 40 + 4,
      requestsLastWeek: 500 + 5 + 2 + 40 + 4,
    });
  });

  test("says nothing of instances on which the token is enforced", async () => {
    await addCaller(owner, shop, { agent: "n8n", ...old });
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: true, ...(await confirmedBy(owner)) });
    expect(await forecastGrace(owner)).toMatchObject({ knownTotal: 0, unknownTotal: 0, requestsLastWeek: 0 });
  });
});
