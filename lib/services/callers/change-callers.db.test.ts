import { beforeEach, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import { addCaller, configureYesterday, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { configureSecurityToken } from "../security-token/configure";
import { activateOnReadyInstances } from "../security-token/enforcement";
import { dismissCaller, leaveOutCaller, nameCaller, restoreCaller, takeBackCaller } from "./change";
import { readPreflight } from "./preflight";

describe("naming and dismissing callers", () => {
  let owner: Actor;
  let shop = "";

  beforeEach(async () => {
    owner = await makeActor();
    shop = (await createInstance(owner, { name: "Shop" })).instanceId;
  });

  it("names and dismisses; who calls again is back", async () => {
    await configureYesterday(owner);
    const callerId = await addCaller(owner, shop, { agent: "late", token: "missing" });
    await nameCaller(owner, { callerId, name: "  n8n in the shop " });
    const [caller] = (await readPreflight(owner))?.callers ?? [];
    expect(caller?.name).toBe("n8n in the shop");
    const lastSeenAt = caller?.lastSeenAt ?? new Date(0);
    const early = new Date(lastSeenAt.getTime() - 1);
    expect(await dismissCaller(owner, { callerId, lastSeenAt: early })).toEqual({ calledAgain: true });
    expect(await readPreflight(owner), "it called meanwhile").toMatchObject({ dismissed: 0 });
    await dismissCaller(owner, { callerId, lastSeenAt });
    expect(await readPreflight(owner)).toMatchObject({ dismissed: 1, wouldReject: 0, callers: [] });
    expect((await readPreflight(owner, { filter: "dismissed" }))?.callers).toHaveLength(1);
    await restoreCaller(owner, { callerId });
    expect(await readPreflight(owner)).toMatchObject({ dismissed: 0, wouldReject: 1 });
    expect(await dismissCaller(owner, { callerId, lastSeenAt })).toEqual({ calledAgain: false });
    await pool().query(`UPDATE "Caller" SET "lastSeenAt" = now() WHERE "id" = $1`, [callerId]);
    expect(await readPreflight(owner)).toMatchObject({ dismissed: 0, wouldReject: 1 });
    const events = await trail(owner);
    expect(events.filter((action) => action.startsWith("caller."))).toEqual([
      "caller.named",
      "caller.dismissed",
      "caller.restored",
      "caller.dismissed",
    ]);
  });

  it("leaves out who does not belong here, however often it calls, until that is taken back", async () => {
    await configureYesterday(owner);
    const callerId = await addCaller(owner, shop, { agent: "thief", token: "missing" });
    await leaveOutCaller(owner, { callerId });
    await leaveOutCaller(owner, { callerId });
    await pool().query(`UPDATE "Caller" SET "lastSeenAt" = now() WHERE "id" = $1`, [callerId]);
    const left = await readPreflight(owner, { filter: "dismissed" });
    expect(left).toMatchObject({ dismissed: 1, wouldReject: 0, callers: [{ leftOut: true }] });
    expect(left?.forecast).toMatchObject({
      dismissed: 1,
      readyInstances: 1,
    });
    await takeBackCaller(owner, { callerId });
    await takeBackCaller(owner, { callerId });
    expect(await readPreflight(owner)).toMatchObject({ wouldReject: 1, callers: [{ leftOut: false }] });
    const events = (await trail(owner)).filter((action) => action.startsWith("caller."));
    expect(events).toEqual(["caller.left_out", "caller.taken_back"]);
  });

  it("takes a name away, and refuses one that is too long", async () => {
    await configureYesterday(owner);
    const callerId = await addCaller(owner, shop, { agent: "late", token: "missing" });
    await nameCaller(owner, { callerId, name: "x" });
    await nameCaller(owner, { callerId, name: " " });
    expect((await readPreflight(owner))?.callers[0]?.name).toBeNull();
    expect(await refusedWith(nameCaller(owner, { callerId, name: "x".repeat(81) }))).toBe(
      "invalid name:too_long",
    );
  });

  it("is closed to other accounts, and only owners and admins change anything", async () => {
    await configureYesterday(owner);
    const callerId = await addCaller(owner, shop, { agent: "late", token: "missing" });
    const [stranger, viewer] = await Promise.all([makeActor(), makeActor("viewer", owner.accountId)]);
    await configureSecurityToken(stranger);
    expect(await readPreflight(stranger)).toMatchObject({ callers: [], share: null });
    expect((await readPreflight(viewer))?.callers).toHaveLength(1);
    const changes = [
      (actor: Actor) => nameCaller(actor, { callerId, name: "mine" }),
      (actor: Actor) => dismissCaller(actor, { callerId, lastSeenAt: new Date() }),
      (actor: Actor) => restoreCaller(actor, { callerId }),
      (actor: Actor) => leaveOutCaller(actor, { callerId }),
      (actor: Actor) => takeBackCaller(actor, { callerId }),
    ];
    for (const run of changes) {
      expect(await refusedWith(run(stranger))).toBe("not_found");
      expect(await refusedWith(run(viewer))).toBe("forbidden");
    }
    expect(await refusedWith(activateOnReadyInstances(viewer, await shownToken(viewer)))).toBe("forbidden");
    expect(await refusedWith(nameCaller(owner, { callerId: "1' OR 1", name: "x" }))).toBe("not_found");
  });

  it("says that there are other callers, and lets nobody name, dismiss or leave them out", async () => {
    await configureYesterday(owner);
    const callerId = await addCaller(owner, shop, {
      agent: "",
      token: "current",
      others: true,
      notLiveAt: minutesAgo(90),
    });
    const view = await readPreflight(owner);
    expect(view).toMatchObject({
      othersRejected: 1,
      wouldReject: 0,
      forecast: { unreadyInstances: 1 },
    });
    expect(view?.callers).toMatchObject([{ others: true, verdict: "rejected" }]);
    expect(await refusedWith(nameCaller(owner, { callerId, name: "x" }))).toBe("not_found");
    expect(await refusedWith(dismissCaller(owner, { callerId, lastSeenAt: new Date() }))).toBe("not_found");
    expect(await refusedWith(leaveOutCaller(owner, { callerId }))).toBe("not_found");
  });
});
