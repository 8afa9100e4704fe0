import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { makeActor } from "@/test/support/accounts";
import { addCaller, addRejected, configureYesterday, minutesAgo } from "@/test/support/callers";
import { createInstance } from "./instances/change";
import { readOverview } from "./overview";

describe("callers that need a hand", () => {
  let owner: Actor;
  let [orders, parts] = ["", ""];

  const troubled = async () => (await readOverview(owner)).troubled;

  beforeAll(async () => {
    owner = await makeActor();
    orders = (await createInstance(owner, { name: "Orders" })).instanceId;
    parts = (await createInstance(owner, { name: "Parts" })).instanceId;
  });

  test("nobody can while there is no token", async () => {
    expect(await troubled()).toBeNull();
  });

  test("nobody does while all send the token", async () => {
    await configureYesterday(owner);
    await addCaller(owner, orders, { agent: "curl", token: "current" });
    expect(await troubled()).toEqual({ callers: [], total: 0, ready: 1, waiting: 0 });
  });

  test("those that would be rejected do before activation, those that worked and are rejected come first after it", async () => {
    await addCaller(owner, parts, { agent: "n8n", token: "missing", at: minutesAgo(3) });
    await addCaller(owner, parts, { agent: "axios", token: "unknown", at: minutesAgo(9) });
    expect(await troubled()).toMatchObject({
      total: 2,
      callers: [
        { agent: "axios", trouble: "wrong_token", instanceName: "Parts" },
        { agent: "n8n", trouble: "tokenless", lastToken: "missing" },
      ],
    });
    const activatedAt = minutesAgo(30);
    await db.account.update({ where: { id: owner.accountId }, data: { enforcement: "on", activatedAt } });
    await addRejected(owner, orders, { agent: "php", reason: "missing", at: minutesAgo(10) });
    const found = await troubled();
    expect(found?.callers.map(({ agent, trouble }) => `${agent} ${trouble}`)).toEqual([
      "php stopped",
      "n8n rejected",
      "axios rejected",
    ]);
    expect(found?.callers[0]?.stopped).toEqual({ reason: "missing", mixes: false });
  });

  test("a viewer sees them too, a stranger nothing", async () => {
    expect((await readOverview(await makeActor("viewer", owner.accountId))).troubled?.total).toBe(3);
    expect((await readOverview(await makeActor())).troubled).toBeNull();
  });
});
