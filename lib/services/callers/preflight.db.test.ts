import { beforeEach, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { makeActor, shownToken } from "@/test/support/accounts";
import {
  addCaller,
  configureYesterday,
  confirmedBy,
  minutesAgo,
  rotateMinutesAgo,
} from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { configureSecurityToken } from "../security-token/configure";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  setInstanceEnforcement,
} from "../security-token/enforcement";
import { finishRotation, rotateSecurityToken } from "../security-token/rotate";
import { readSecurityToken } from "../security-token/token";
import { dismissCaller } from "./change";
import { forecastActivation } from "./forecast";
import { readPreflight } from "./preflight";

describe("preflight on PostgreSQL", () => {
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

  it("says nothing before there is a token, and nothing alarming before there are calls", async () => {
    expect(await readPreflight(owner)).toBeNull();
    await configureSecurityToken(owner);
    expect(await readPreflight(owner)).toMatchObject({
      share: null,
      callers: [],
      wouldReject: 0,
      forecast: { readyInstances: 2, unreadyInstances: 0 },
    });
  });

  it("tells callers that did not call from those refused before anyone looked at their token", async () => {
    await configureYesterday(owner);
    const silent = { token: "none", outcome: "instance_paused", at: minutesAgo(25 * 60) } as const;
    await addCaller(owner, shop, { ...silent, agent: "silent" });
    await addCaller(owner, shop, { agent: "paused", token: "none", outcome: "instance_paused" });
    await addCaller(owner, shop, { agent: "elsewhere", token: "none", outcome: "address" });
    const gone = await addCaller(owner, shop, { agent: "gone", token: "none", outcome: "address" });
    await dismissCaller(owner, { callerId: gone, lastSeenAt: new Date() });
    await addCaller(owner, shop, { agent: "", token: "none", outcome: "address", others: true });
    expect(await readPreflight(owner)).toMatchObject({ counts: { waiting: 3 }, unchecked: 2 });
  });

  it("judges callers, those that need a look first, with their hours and the account's share", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "ready", token: "live", requests: 86 });
    await addCaller(owner, shop, { agent: "silent", token: "missing", at: minutesAgo(25 * 60) });
    await addCaller(owner, depot, { agent: "late", token: "missing", requests: 10 });
    await addCaller(owner, depot, { agent: "wrong", token: "instance_token", requests: 4 });
    const view = await readPreflight(owner);
    expect(view?.callers.map(({ agent, verdict }) => [agent, verdict])).toEqual([
      ["late", "rejected"],
      ["wrong", "wrong_token"],
      ["silent", "waiting"],
      ["ready", "ready"],
    ]);
    expect(view).toMatchObject({
      counts: { ready: 1, rejected: 1, wrong_token: 1, waiting: 1 },
      wouldReject: 2,
      rejectsNow: 0,
      mightReject: 1,
      forecast: { unchecked: 0, readyInstances: 0, unreadyInstances: 2 },
    });
    expect(view?.share).toBeCloseTo(0.86);
    const late = view?.callers[0];
    const { live = [], other = [] } = late?.hours ?? {};
    expect([live.length, other.length]).toEqual([24, 24]);
    expect([...live, ...other].reduce((all, requests) => all + requests, 0)).toBe(10);
  });

  it("lists by status, a bounded number at a time", async () => {
    await configureYesterday(owner);
    for (let n = 0; n < 25; n++) await addCaller(owner, shop, { agent: `late-${n}`, token: "missing" });
    await addCaller(owner, shop, { agent: "ready", token: "current" });
    const late = await readPreflight(owner, { filter: "rejected" });
    expect(late).toMatchObject({
      groups: [{ kind: "hand", total: 25 }],
      filter: "rejected",
      counts: { ready: 1 },
    });
    expect(late?.callers).toHaveLength(20);
    expect((await readPreflight(owner, { filter: "rejected", shown: "40" }))?.callers).toHaveLength(25);
    for (const nonsense of ["-1", "100000", "x"]) {
      expect((await readPreflight(owner, { shown: nonsense, filter: "?" }))?.callers).toHaveLength(20);
    }
  });

  it("finds callers by a search that works together with the status, and counts rows as it lists them", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "n8n", token: "missing" });
    await addCaller(owner, shop, { agent: "curl", token: "current", address: "198.51.100.7" });
    await addCaller(owner, shop, { agent: "", token: "missing", others: true });
    await addCaller(owner, depot, { agent: "n8n", token: "current" });
    const found = async (input: { filter?: string; search?: string }) => {
      const view = await readPreflight(owner, input);
      return (view?.callers ?? []).map(
        ({ agent, others, instanceName }) => `${agent || others} ${instanceName}`,
      );
    };
    expect(await found({ search: " N8N" })).toEqual(["n8n Shop", "n8n Depot"]);
    expect(await found({ search: "n8n", filter: "ready" })).toEqual(["n8n Depot"]);
    expect(await found({ search: "51.100.7" })).toEqual(["curl Shop"]);
    expect(await found({ search: "shop", filter: "rejected" })).toEqual(["n8n Shop", "true Shop"]);
    expect(await readPreflight(owner, { filter: "rejected" })).toMatchObject({
      groups: [{ kind: "hand", total: 2 }],
      known: 4,
      listedCounts: { all: 4, rejected: 2, ready: 2 },
      counts: { rejected: 1 },
      wouldReject: 1,
    });
    expect(await readPreflight(owner, { search: "x".repeat(300) })).toMatchObject({
      search: "",
      listedCounts: { all: 4 },
    });
  });

  it("knows a caller that had the token and still comes without it", async () => {
    await configureYesterday(owner);
    const more = { token: "current", notLiveAt: minutesAgo(5) } as const;
    await addCaller(owner, shop, { agent: "both", relapsedAt: minutesAgo(5), ...more });
    await addCaller(owner, shop, { agent: "switched", ...more });
    expect(await verdictsOf()).toEqual({ both: "rejected", switched: "ready" });
  });

  it("goes on knowing who sends no token, and who sends the newest, when tokens change", async () => {
    await configureYesterday(owner);
    await activateSecurityToken(owner, await shownToken(owner));
    await addCaller(owner, shop, { agent: "none", token: "missing", at: minutesAgo(5) });
    await addCaller(owner, shop, { agent: "first", token: "current", at: minutesAgo(5) });
    const { tokenId } = await readSecurityToken(owner);
    await rotateSecurityToken(owner, {
      tokenId: tokenId ?? "",
      overlap: "now",
      ...(await confirmedBy(owner)),
    });
    expect(await verdictsOf()).toEqual({ none: "rejected", first: "waiting" });

    await rotateMinutesAgo(owner, 2);
    await addCaller(owner, shop, { agent: "newest", token: "current", at: minutesAgo(1) });
    const { retiring } = await readSecurityToken(owner);
    await finishRotation(owner, { tokenId: retiring?.id ?? "", ...(await confirmedBy(owner)) });
    expect(await verdictsOf()).toEqual({ none: "rejected", first: "waiting", newest: "ready" });
  });

  it("trusts no token that was sent before a token ended", async () => {
    await configureYesterday(owner);
    await activateSecurityToken(owner, await shownToken(owner));
    await addCaller(owner, shop, { agent: "old", token: "current", at: minutesAgo(5) });
    const { tokenId } = await readSecurityToken(owner);
    await rotateSecurityToken(owner, { tokenId: tokenId ?? "", overlap: "open" });
    expect(await verdictsOf()).toEqual({ old: "ready" });
    const { retiring } = await readSecurityToken(owner);
    await finishRotation(owner, { tokenId: retiring?.id ?? "", ...(await confirmedBy(owner)) });
    expect(await verdictsOf()).toEqual({ old: "waiting" });
  });

  it("names some of the ready instances, newest first, and only those that do not demand the token yet", async () => {
    await configureYesterday(owner);
    const names = async () => (await forecastActivation(owner, { instanceId: null }))?.readyNames;
    expect(await names()).toEqual(["Depot", "Shop"]);
    await addCaller(owner, shop, { agent: "late", token: "missing" });
    for (const name of ["A", "B", "C", "D"]) await createInstance(owner, { name });
    const { instanceId } = await createInstance(owner, { name: "E" });
    expect(await names()).toEqual(["E", "D", "C", "B", "A"]);
    await setInstanceEnforcement(owner, { instanceId, enforced: true });
    expect(await names()).toEqual(["D", "C", "B", "A", "Depot"]);
    await activateOnReadyInstances(owner, await shownToken(owner));
    expect(await names()).toEqual([]);
  });

  it("does not say that everybody sends the token when somebody who was called gone did not", async () => {
    await configureYesterday(owner);
    const callerId = await addCaller(owner, shop, { agent: "late", token: "missing" });
    await dismissCaller(owner, { callerId, lastSeenAt: new Date() });
    expect((await readPreflight(owner))?.forecast).toMatchObject({
      dismissed: 1,
      heard: false,
    });
    await addCaller(owner, shop, { agent: "ready", token: "live" });
    expect((await readPreflight(owner))?.forecast).toMatchObject({
      dismissed: 1,
      heard: true,
    });
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: true });
    expect((await readPreflight(owner))?.forecast).toMatchObject({ dismissed: 0 });
  });

  it("says how ready each instance is", async () => {
    await configureYesterday(owner);
    await addCaller(owner, shop, { agent: "ready", token: "current" });
    await addCaller(owner, shop, { agent: "silent", token: "missing", at: minutesAgo(25 * 60) });
    await addCaller(owner, depot, { agent: "late", token: "missing" });
    const none = { breaking: 0, unproven: 0, ready: 0, unchecked: 0 };
    const others = { othersBreaking: false, othersUnproven: false };
    expect(Object.fromEntries((await readPreflight(owner))?.readiness ?? [])).toEqual({
      [shop]: { ...none, ...others, ready: 1, unproven: 1 },
      [depot]: { ...none, ...others, breaking: 1 },
    });
  });

  it("names everyone who may be rejected in the forecast, those beyond the first hundreds by program", async () => {
    const id = await addCaller(owner, shop, { agent: "first", token: "missing", at: minutesAgo(5) });
    await pool().query(
      `INSERT INTO "Caller" ("id", "accountId", "instanceId", "address", "agent", "userAgent", "firstSeenAt",
              "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken", "notLiveAt")
       SELECT gen_random_uuid(), "accountId", "instanceId", '10.0.0.' || n % 250, 'p' || n % 3, '', "firstSeenAt",
              "lastSeenAt" - n * interval '1 second', 'GET', '/', 'accepted', 'missing', "notLiveAt"
         FROM "Caller", generate_series(1, 600) n WHERE "id" = $1`,
      [id],
    );
    await configureSecurityToken(owner);
    const view = await readPreflight(owner);
    const unproven = (await forecastActivation(owner, { instanceId: null }))?.maybe;
    expect(unproven).toMatchObject({ total: 601 });
    expect(unproven?.callers).toHaveLength(200);
    expect(unproven?.more.map(({ agent }) => agent).sort()).toEqual(["p0", "p1", "p2"]);
    expect(unproven?.more.reduce((sum, { callers }) => sum + callers, 200)).toBe(601);
    expect(view?.rhythmsComplete, "one reading looks at some hundreds").toBe(false);
    expect((await readPreflight(owner))?.rhythmsComplete).toBe(true);
  });

  it("reads an account that is full", async () => {
    await configureYesterday(owner);
    await pool().query(
      `INSERT INTO "Caller" ("id", "accountId", "instanceId", "address", "agent", "userAgent", "firstSeenAt",
              "lastSeenAt", "lastMethod", "lastPath", "lastOutcome", "lastToken", "liveAt", "notLiveAt")
       SELECT gen_random_uuid(), $1, $2, '10.0.0.1', 'a' || n, '', now(), now(), 'GET', '/', 'accepted',
              'live', now(), now() - interval '1 minute' FROM generate_series(1, 5000) n`,
      [owner.accountId, shop],
    );
    expect(await readPreflight(owner)).toMatchObject({ listedCounts: { all: 5000 } });
  });
});
