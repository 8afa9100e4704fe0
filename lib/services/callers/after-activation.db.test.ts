import { beforeEach, describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { makeActor, shownToken } from "@/test/support/accounts";
import { addRejected, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { readOverview } from "../overview";
import { configureSecurityToken } from "../security-token/configure";
import {
  activateOnReadyInstances,
  activateSecurityToken,
  deactivateSecurityToken,
  setInstanceEnforcement,
} from "../security-token/enforcement";
import { finishRotation, rotateSecurityToken } from "../security-token/rotate";
import { readSecurityToken } from "../security-token/token";
import { watchAfterActivation } from "./after-activation";
import { dismissCaller } from "./change";

describe("the watch after an activation, on PostgreSQL", () => {
  let owner: Actor;
  let [shop, depot] = ["", ""];

  beforeEach(async () => {
    owner = await makeActor();
    shop = (await createInstance(owner, { name: "Shop" })).instanceId;
    depot = (await createInstance(owner, { name: "Depot" })).instanceId;
    await configureSecurityToken(owner);
  });

  const agents = async (actor = owner) =>
    (await watchAfterActivation(actor))?.callers.map(({ agent }) => agent);

  /** Pretends that the last activation was so long ago. */
  const age = (hours: number) =>
    db.account.update({
      where: { id: owner.accountId },
      data: { activatedAt: minutesAgo(hours * 60) },
    });

  it("names who worked before and is rejected, with the reason, rejected last first", async () => {
    expect(await watchAfterActivation(owner)).toBeNull();
    await activateSecurityToken(owner, await shownToken(owner));
    expect(await watchAfterActivation(owner)).toMatchObject({ callers: [], total: 0, more: false });
    await addRejected(owner, shop, { agent: "n8n", reason: "missing", at: minutesAgo(3) });
    await addRejected(owner, depot, { agent: "script", reason: "instance_token" });
    await addRejected(owner, shop, { agent: "stranger", reason: "missing", acceptedAt: null });
    await addRejected(owner, shop, { agent: "blocked", reason: "address" });
    await addRejected(owner, shop, { agent: "mended", reason: "missing", lastOutcome: "accepted" });
    const watch = await watchAfterActivation(owner);
    expect(watch?.callers).toMatchObject([
      { agent: "script", instanceName: "Depot", reason: "instance_token", mixes: false },
      { agent: "n8n", instanceName: "Shop", reason: "missing", mixes: false },
    ]);
    expect(watch?.total).toBe(2);
  });

  it("begins with every change that may reject callers, and with no other", async () => {
    const begins = async (change: () => Promise<unknown>) => {
      await db.account.update({ where: { id: owner.accountId }, data: { activatedAt: null } });
      await change();
      return (await watchAfterActivation(owner)) !== null;
    };
    const tokenId = async () => (await readSecurityToken(owner)).tokenId ?? "";
    const turn = (enforced: boolean) => setInstanceEnforcement(owner, { instanceId: shop, enforced });
    expect(await begins(() => turn(true))).toBe(true);
    expect(await begins(() => turn(true)), "nothing changed").toBe(false);
    expect(await begins(async () => activateOnReadyInstances(owner, await shownToken(owner)))).toBe(true);
    expect(await begins(async () => activateSecurityToken(owner, await shownToken(owner)))).toBe(true);
    expect(await begins(() => turn(false))).toBe(false);
    expect(
      await begins(async () => rotateSecurityToken(owner, { tokenId: await tokenId(), overlap: "open" })),
    ).toBe(true);
    const retiring = (await readSecurityToken(owner)).retiring?.id ?? "";
    expect(await begins(() => finishRotation(owner, { tokenId: retiring }))).toBe(true);
    expect(
      await begins(async () => rotateSecurityToken(owner, { tokenId: await tokenId(), overlap: "now" })),
    ).toBe(true);
    await deactivateSecurityToken(owner);
    expect(await watchAfterActivation(owner)).toBeNull();
  });

  it("ends after a day, and begins anew when the overlap of a rotation ends by the clock", async () => {
    await activateSecurityToken(owner, await shownToken(owner));
    await age(23.9);
    expect(await watchAfterActivation(owner)).not.toBeNull();
    const { tokenId } = await readSecurityToken(owner);
    await rotateSecurityToken(owner, { tokenId: tokenId ?? "", overlap: "1h" });
    await age(24);
    expect(await watchAfterActivation(owner)).toBeNull();
    await pool().query(
      `UPDATE "ClientToken" SET "retireAt" = now() - interval '1 second' WHERE "accountId" = $1 AND "state" = 'retiring'`,
      [owner.accountId],
    );
    expect(await watchAfterActivation(owner)).not.toBeNull();
  });

  it("leaves out instances that do not demand the token, and callers dismissed as gone", async () => {
    await setInstanceEnforcement(owner, { instanceId: shop, enforced: true });
    await addRejected(owner, depot, { agent: "open", reason: "missing" });
    const callerId = await addRejected(owner, shop, {
      agent: "gone",
      reason: "missing",
      at: minutesAgo(5),
    });
    await addRejected(owner, shop, { agent: "n8n", reason: "retired" });
    expect(await agents()).toEqual(["n8n", "gone"]);
    await dismissCaller(owner, { callerId, lastSeenAt: new Date() });
    expect(await agents()).toEqual(["n8n"]);
  });

  it("knows callers that mix, and says of other callers that some were rejected", async () => {
    await activateSecurityToken(owner, await shownToken(owner));
    await age(1);
    const relapsed = (id: string, minutes: number, from: number) =>
      db.caller.update({
        where: { id },
        data: { relapsedAt: minutesAgo(minutes), relapsedFrom: minutesAgo(from) },
      });
    const mixing = { reason: "missing", lastOutcome: "accepted" };
    await relapsed(await addRejected(owner, shop, { agent: "two", ...mixing }), 5, 6);
    await relapsed(await addRejected(owner, shop, { agent: "had the old one", ...mixing }), 5, 61);
    await addRejected(owner, shop, { agent: "", reason: "unknown", others: true, lastOutcome: "accepted" });
    expect((await watchAfterActivation(owner))?.callers).toMatchObject([
      { agent: "two", reason: "missing", mixes: true, others: false },
      { reason: "unknown", mixes: false, others: true },
    ]);
  });

  it("names a few and counts the rest, up to a bound", async () => {
    await activateSecurityToken(owner, await shownToken(owner));
    for (let n = 0; n < 10; n++) await addRejected(owner, shop, { agent: `late-${n}`, reason: "missing" });
    const watch = await watchAfterActivation(owner);
    expect(watch?.callers).toHaveLength(8);
    expect(watch).toMatchObject({ total: 10, more: false });
    await pool().query(
      `INSERT INTO "Caller" SELECT gen_random_uuid(), "accountId", "instanceId", false, "address", n::text, '',
              "firstSeenAt", "lastSeenAt", 'GET', '/', 'missing', 'missing', "acceptedAt", "rejectedAt"
         FROM (SELECT * FROM "Caller" WHERE "accountId" = $1 LIMIT 1) c, generate_series(1, 300) n`,
      [owner.accountId],
    );
    expect(await watchAfterActivation(owner)).toMatchObject({ total: 200, more: true });
  });

  it("shows an account nothing of another's, and lets viewers look", async () => {
    await activateSecurityToken(owner, await shownToken(owner));
    await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    const stranger = await makeActor();
    await configureSecurityToken(stranger);
    await activateSecurityToken(stranger, await shownToken(stranger));
    expect(await agents(stranger)).toEqual([]);
    expect((await readOverview(stranger)).rejected).toEqual({ callers: 0, others: false });
    const viewer = await makeActor("viewer", owner.accountId);
    expect(await agents(viewer)).toEqual(["n8n"]);
  });

  it("counts who was rejected in the last hour for the overview, and other callers apart", async () => {
    await addRejected(owner, shop, { agent: "n8n", reason: "missing" });
    await addRejected(owner, shop, { agent: "mended", reason: "missing", lastOutcome: "accepted" });
    await addRejected(owner, shop, { agent: "early", reason: "missing", at: minutesAgo(61) });
    expect((await readOverview(owner)).rejected).toEqual({ callers: 2, others: false });
    await addRejected(owner, depot, { agent: "", reason: "missing", others: true });
    expect((await readOverview(owner)).rejected).toEqual({ callers: 2, others: true });
  });
});
