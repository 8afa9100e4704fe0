import { beforeEach, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { epochOf, makeActor, refusedWith, shownToken, trail, whileItWaits } from "@/test/support/accounts";
import { addCaller, configureYesterday, minutesAgo, rotateMinutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { activateSecurityToken, setInstanceEnforcement } from "../security-token/enforcement";
import { finishRotation } from "../security-token/rotate";
import { readSecurityToken } from "../security-token/token";
import { dismissCaller } from "./change";
import { readPreflight } from "./preflight";

describe("who still sends the old token, on PostgreSQL", () => {
  let owner: Actor;
  let [shop, depot] = ["", ""];

  beforeEach(async () => {
    owner = await makeActor();
    shop = (await createInstance(owner, { name: "Shop" })).instanceId;
    depot = (await createInstance(owner, { name: "Depot" })).instanceId;
    await configureYesterday(owner);
    await activateSecurityToken(owner, await shownToken(owner));
  });

  const progress = async () => (await readPreflight(owner))?.rotation;
  const finish = async (ifUnused: boolean, confirmation = "") => {
    const { retiring } = await readSecurityToken(owner);
    return finishRotation(owner, { tokenId: retiring?.id ?? "", ifUnused, confirmation });
  };

  it("is nobody's business while no rotation is under way", async () => {
    await addCaller(owner, shop, { agent: "any", token: "current" });
    expect(await progress()).toBeNull();
    expect((await readPreflight(owner))?.callers[0]?.rotation).toBeNull();
  });

  it("are those heard with it, and those not heard since; the others have switched", async () => {
    await rotateMinutesAgo(owner, 200);
    await addCaller(owner, shop, { agent: "asleep", token: "current", at: minutesAgo(300) });
    await addCaller(owner, depot, { agent: "stays", token: "retiring" });
    await addCaller(owner, shop, { agent: "switched", token: "current" });
    await addCaller(owner, shop, { agent: "lost", token: "missing" });
    const found = await progress();
    expect(found?.callers.map(({ agent, instanceName }) => `${agent} on ${instanceName}`)).toEqual([
      "stays on Depot",
      "asleep on Shop",
    ]);
    expect(found).toMatchObject({ total: 2, others: 0, enforced: 2 });
    const rows = (await readPreflight(owner))?.callers ?? [];
    expect(Object.fromEntries(rows.map(({ agent, rotation }) => [agent, rotation]))).toEqual({
      asleep: "old",
      stays: "old",
      switched: "new",
      lost: null,
    });
  });

  it("are also those that mix, and other callers; not those that are dismissed", async () => {
    await rotateMinutesAgo(owner, 600);
    const mixes = await addCaller(owner, shop, { agent: "mixes", token: "current", hoursAgo: 3 });
    const others = await addCaller(owner, shop, { agent: "", token: "current", others: true });
    const gone = await addCaller(owner, shop, { agent: "gone", token: "retiring", at: minutesAgo(5) });
    for (const id of [mixes, others]) {
      await pool().query(
        `INSERT INTO "CallerHour" VALUES ($1, date_trunc('hour', now(), 'UTC'), 'accepted', 'retiring', 1)`,
        [id],
      );
    }
    await dismissCaller(owner, { callerId: gone, lastSeenAt: minutesAgo(5) });
    expect(await progress()).toMatchObject({ callers: [{ agent: "mixes" }], total: 1, others: 1 });
  });

  it("would be rejected only where the token is enforced", async () => {
    await rotateMinutesAgo(owner, 60);
    await addCaller(owner, shop, { agent: "open", token: "retiring" });
    await addCaller(owner, depot, { agent: "guarded", token: "retiring", at: minutesAgo(5) });
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: false });
    const found = await progress();
    expect(found).toMatchObject({ total: 2, enforced: 1 });
    expect(found?.callers.map(({ agent }) => agent)).toEqual(["guarded", "open"]);
  });

  it("keep a click that asks nobody from finishing, and not one that was told", async () => {
    await rotateMinutesAgo(owner, 60);
    await addCaller(owner, shop, { agent: "stays", token: "retiring" });
    const tokenId = (await readSecurityToken(owner)).retiring?.id ?? "";
    const before = [await epochOf(owner), await trail(owner)];
    expect(await finish(true)).toMatchObject({ retiring: { id: tokenId } });
    expect([await epochOf(owner), await trail(owner)]).toEqual(before);
    expect(await finish(false, owner.accountName)).toMatchObject({ retiring: null });
    await rotateMinutesAgo(owner, 60);
    await addCaller(owner, depot, { agent: "switched", token: "current" });
    await pool().query(`DELETE FROM "Caller" WHERE "agent" = 'stays' AND "accountId" = $1`, [
      owner.accountId,
    ]);
    expect(await refusedWith(finishRotation(owner, { tokenId, ifUnused: true })), "that one is over").toBe(
      "conflict",
    );
    expect(await finish(true)).toMatchObject({ retiring: null });
  });

  it("keep it from finishing also when they were written while the click waited for its turn", async () => {
    await rotateMinutesAgo(owner, 60);
    const waiting = whileItWaits(
      owner,
      () => finish(true),
      () => addCaller(owner, shop, { agent: "late", token: "retiring" }),
    );
    expect((await waiting).retiring).not.toBeNull();
  });
});
