import { beforeEach, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { type NamedCallers, namedBy } from "@/lib/domain/named-callers";
import { epochOf, makeActor, refusedWith, shownToken, trail, whileItWaits } from "@/test/support/accounts";
import { addCaller, configureYesterday, everybodyNamed, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { configureSecurityToken, regenerateSecurityToken } from "../security-token/configure";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  setInstanceEnforcement,
} from "../security-token/enforcement";
import { dismissCaller } from "./change";
import { forecastActivation } from "./forecast";
import { readPreflight } from "./preflight";

describe("activating by what is known of callers", () => {
  let owner: Actor;
  let [shop, depot] = ["", ""];

  beforeEach(async () => {
    owner = await makeActor();
    shop = (await createInstance(owner, { name: "Shop" })).instanceId;
    depot = (await createInstance(owner, { name: "Depot" })).instanceId;
  });

  const verdictsOf = async () => {
    const view = await readPreflight(owner);
    return Object.fromEntries((view?.callers ?? []).map(({ agent, verdict }) => [agent, verdict]));
  };

  it("activates on ready instances only, and counts who is rejected now apart", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "ready", token: "current" });
    await addCaller(owner, depot, { agent: "late", token: "missing" });
    expect(await activateOnReadyInstances(owner, await shownToken(owner))).toMatchObject({
      status: "staged",
      enforcedInstances: 1,
    });
    expect(await trail(owner)).toContain("token.activated_on_ready");
    expect(await refusedWith(activateOnReadyInstances(owner, await shownToken(owner)))).toBe("conflict");
    await addCaller(owner, shop, { agent: "stranger", token: "missing" });
    expect(await readPreflight(owner)).toMatchObject({ wouldReject: 1, rejectsNow: 1 });
  });

  it("rejects nobody who gets through now, unless the account's name is typed", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "ready", token: "current" });
    await addCaller(owner, depot, { agent: "late", token: "missing" });
    const seen = await shownToken(owner);
    const activate = (confirmation?: string) => activateSecurityToken(owner, { ...seen, confirmation });
    const before = [await epochOf(owner), await trail(owner)];
    expect(await refusedWith(activate())).toBe("invalid confirmation:required");
    expect(await refusedWith(activate("Somebody else"))).toBe("invalid confirmation:name_mismatch");
    expect([await epochOf(owner), await trail(owner)]).toEqual(before);
    expect(await activate(` ${owner.accountName} `)).toMatchObject({ status: "active" });
    expect(await readPreflight(owner)).toMatchObject({ wouldReject: 0, rejectsNow: 1 });
  });

  it("breaks nobody who called a minute ago in one click: who was not heard since is named, counts and asks for the name", async () => {
    for (const [agent, minutes] of [
      ["curl", 1],
      ["axios", 2],
      ["python-requests", 6 * 7 * 24 * 60],
    ] as const) {
      await addCaller(owner, shop, { agent, token: "missing", at: minutesAgo(minutes), requests: 12 });
    }
    await configureSecurityToken(owner);
    await addCaller(owner, shop, { agent: "n8n", token: "current" });
    const seen = await shownToken(owner);
    const view = await readPreflight(owner);
    const forecast = await forecastActivation(owner, { instanceId: null });
    expect(forecast).toMatchObject({
      rejected: { total: 0 },
      maybe: { total: 3, others: 0 },
      readyInstances: 1,
      unreadyInstances: 1,
      readyNames: ["Depot"],
    });
    expect(forecast?.maybe.callers.map(({ agent }) => agent)).toEqual(["curl", "axios", "python-requests"]);
    expect(forecast?.maybe.callers[0]).toMatchObject({ lastToken: "missing", requests: 12 });
    expect(forecast?.concerned, "as the page has it").toBe(view?.forecast.concerned);
    expect(view?.readiness.get(shop)).toMatchObject({ unproven: 3, ready: 1, breaking: 0 });
    expect(await refusedWith(activateSecurityToken(owner, seen))).toBe("invalid confirmation:required");
    await activateOnReadyInstances(owner, seen);
    expect(await readPreflight(owner)).toMatchObject({ mightReject: 3, mightRejectNow: 0 });
    const confirmed = { ...seen, confirmation: owner.accountName };
    const named = namedBy(await forecastActivation(owner, { instanceId: null }));
    expect(await activateSecurityToken(owner, { ...confirmed, named })).toMatchObject({ status: "active" });
    expect(await readPreflight(owner)).toMatchObject({ mightReject: 0, mightRejectNow: 3 });
  });

  it("rejects nobody whom the question did not name: who turned bad since it was read is read of first", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "curl", token: "missing", at: minutesAgo(50) });
    const other = await addCaller(owner, depot, { agent: "n8n", token: "current", at: minutesAgo(50) });
    const seen = await shownToken(owner);
    const read = async () => namedBy(await forecastActivation(owner, { instanceId: null }));
    const activate = (named?: NamedCallers) =>
      activateSecurityToken(owner, { ...seen, confirmation: owner.accountName, named });
    const earlier = await read();
    await pool().query(
      `UPDATE "Caller" SET "lastToken" = 'missing', "notLiveAt" = now(), "lastSeenAt" = now() WHERE "id" = $1`,
      [other],
    );
    const before = [await epochOf(owner), await trail(owner)];
    expect(await refusedWith(activate())).toBe("invalid confirmation:callers_changed");
    expect(await refusedWith(activate(earlier))).toBe("invalid confirmation:callers_changed");
    expect([await epochOf(owner), await trail(owner)]).toEqual(before);
    expect(await activate(await read())).toMatchObject({ status: "active" });
  });

  it("strangers who come from one new address after another keep nobody from activating", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "curl", token: "missing", at: minutesAgo(50) });
    const seen = await shownToken(owner);
    const named = namedBy(await forecastActivation(owner, { instanceId: null }));
    await addCaller(owner, shop, { agent: "thief", token: "missing" });
    const confirmed = { ...seen, confirmation: owner.accountName, named };
    expect(await activateSecurityToken(owner, confirmed)).toMatchObject({ status: "active" });
  });

  it("lets a caller that is known to be gone be dismissed, and then activates in one click", async () => {
    const callerId = await addCaller(owner, shop, { agent: "old", token: "missing", at: minutesAgo(9000) });
    await configureSecurityToken(owner);
    await addCaller(owner, shop, { agent: "n8n", token: "current" });
    await dismissCaller(owner, { callerId, lastSeenAt: minutesAgo(8999) });
    expect(await forecastActivation(owner, { instanceId: null })).toMatchObject({
      maybe: { total: 0 },
      dismissed: 1,
    });
    expect(await activateSecurityToken(owner, await shownToken(owner))).toMatchObject({ status: "active" });
  });

  it("counts who sent the token that was just replaced", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "n8n", token: "current", at: minutesAgo(1) });
    await regenerateSecurityToken(owner, await shownToken(owner));
    expect((await forecastActivation(owner, { instanceId: null }))?.maybe).toMatchObject({ total: 1 });
    expect(await refusedWith(activateSecurityToken(owner, await shownToken(owner)))).toBe(
      "invalid confirmation:required",
    );
  });

  it("leaves those beyond the limits that called before the token changed a month to come back", async () => {
    await addCaller(owner, shop, { agent: "", token: "missing", others: true, at: minutesAgo(1) });
    await configureSecurityToken(owner);
    expect((await forecastActivation(owner, { instanceId: null }))?.maybe).toEqual({
      callers: [],
      more: [],
      total: 0,
      others: 1,
    });
    await pool().query(
      `UPDATE "Caller" SET "lastToken" = 'current', "lastSeenAt" = now(), "liveAt" = now() WHERE "others"`,
    );
    expect(await readPreflight(owner)).toMatchObject({
      othersUnproven: 1,
      forecast: { unreadyInstances: 1 },
    });
    expect(await refusedWith(activateSecurityToken(owner, await shownToken(owner)))).toBe(
      "invalid confirmation:required",
    );
  });

  it.each([
    ["everywhere", activateSecurityToken, "invalid confirmation:required"],
    ["on ready instances", activateOnReadyInstances, "conflict"],
  ] as const)(
    "activating %s judges what was written while the click waited for its turn",
    async (_, activate, end) => {
      await configureYesterday(owner);
      await setInstanceEnforcement(owner, {
        instanceId: depot,
        enforced: true,
        confirmation: owner.accountName,
      });
      await addCaller(owner, shop, { agent: "n8n", token: "current" });
      const seen = await shownToken(owner);
      const waiting = whileItWaits(
        owner,
        () => refusedWith(activate(owner, seen)),
        () => addCaller(owner, shop, { agent: "late", token: "missing" }),
      );
      expect(await waiting).toBe(end);
    },
  );

  it("asks for the account's name too when one instance is switched on whose callers would be rejected, or may be", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "quiet", token: "missing", at: minutesAgo(25 * 60) });
    await addCaller(owner, depot, { agent: "n8n", token: "current" });
    const named = await everybodyNamed(owner);
    const turnOn = (instanceId: string, confirmation?: string) =>
      setInstanceEnforcement(owner, { instanceId, enforced: true, confirmation, named });
    expect(await forecastActivation(owner, { instanceId: shop })).toMatchObject({
      rejected: { total: 0 },
      maybe: { total: 1, callers: [{ agent: "quiet", instanceName: "Shop" }] },
    });
    expect(await forecastActivation(owner, { instanceId: depot })).toMatchObject({ maybe: { total: 0 } });
    expect(await refusedWith(turnOn(shop))).toBe("invalid confirmation:required");
    expect(await refusedWith(turnOn(shop, "Another name"))).toBe("invalid confirmation:name_mismatch");
    expect(await turnOn(depot)).toMatchObject({ status: "staged", enforcedInstances: 1 });
    expect(await turnOn(shop, owner.accountName)).toMatchObject({ enforcedInstances: 2 });
  });

  it("asks for no name for callers that are ready, refused whatever they send, gone or rejected already", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "ready", token: "current" });
    await addCaller(owner, shop, { agent: "elsewhere", token: "none", outcome: "address" });
    await addCaller(owner, depot, { agent: "late", token: "missing" });
    await setInstanceEnforcement(owner, {
      instanceId: depot,
      enforced: true,
      confirmation: owner.accountName,
    });
    expect(await activateSecurityToken(owner, await shownToken(owner))).toMatchObject({ status: "active" });
  });

  /** Writes hours down in which a caller called before its last. */
  const addHours = (callerId: string, hours: string) =>
    pool().query(
      `INSERT INTO "CallerHour" SELECT $1, date_trunc('hour', "lastSeenAt", 'UTC') - n * interval '1 hour', 'accepted', 'missing', 12
         FROM "Caller", ${hours} n WHERE "id" = $1 AND n > 0`,
      [callerId],
    );

  it("waits for who calls seldom, takes for gone who has missed several turns, and lets neither be broken unnamed", async () => {
    const days = (count: number) => minutesAgo(count * 24 * 60);
    const nightly = await addCaller(owner, shop, { agent: "nightly", token: "missing", at: minutesAgo(600) });
    await addHours(nightly, "generate_series(0, 480, 24)");
    const gone = await addCaller(owner, shop, { agent: "gone", token: "missing", at: days(5) });
    await addHours(gone, "generate_series(0, 480)");
    await addCaller(owner, shop, { agent: "once", token: "missing", at: days(20) });
    await configureSecurityToken(owner);
    await addCaller(owner, shop, { agent: "n8n", token: "current" });
    const late = await addCaller(owner, depot, { agent: "late", token: "missing" });
    await addHours(late, "generate_series(0, 300)");
    expect(await verdictsOf()).toEqual({
      late: "rejected",
      nightly: "waiting",
      once: "waiting",
      gone: "overdue",
      n8n: "ready",
    });
    const view = await readPreflight(owner, { filter: "overdue" });
    expect(view).toMatchObject({
      counts: { waiting: 2, overdue: 1 },
      groups: [{ kind: "overdue", total: 1 }],
      mightReject: 3,
    });
    const forecast = await forecastActivation(owner, { instanceId: null });
    const expected = new Map(forecast?.maybe.callers.map((each) => [each.agent, each.expectation]));
    expect(expected.get("nightly")).toMatchObject({ kind: "daily", missed: 0, overdue: false });
    expect(expected.get("gone")).toMatchObject({ kind: "minutes", overdue: true });
    expect(expected.get("once")).toMatchObject({ kind: "unknown", expectedBy: null });
    expect(forecast?.rejected.callers).toMatchObject([{ agent: "late", expectation: { kind: "minutes" } }]);
    const seen = await shownToken(owner);
    expect(await refusedWith(activateSecurityToken(owner, seen))).toBe("invalid confirmation:required");
    expect(await refusedWith(activateOnReadyInstances(owner, seen)), "no instance is ready").toBe("conflict");
    for (const { id, agent, lastSeenAt } of forecast?.maybe.callers ?? []) {
      if (agent !== "nightly") await dismissCaller(owner, { callerId: id, lastSeenAt });
    }
    expect(await refusedWith(activateOnReadyInstances(owner, seen)), "one is waited for").toBe("conflict");
    await addCaller(owner, shop, { agent: "", token: "missing", others: true });
    await dismissCaller(owner, { callerId: nightly, lastSeenAt: minutesAgo(599) });
    expect(await refusedWith(activateOnReadyInstances(owner, seen)), "others block too").toBe("conflict");
    await pool().query(`DELETE FROM "Caller" WHERE "others" AND "accountId" = $1`, [owner.accountId]);
    expect(await activateOnReadyInstances(owner, seen)).toMatchObject({ enforcedInstances: 1 });
  });
});
