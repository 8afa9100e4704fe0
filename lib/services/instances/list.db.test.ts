import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { makeActor } from "@/test/support/accounts";
import { addCaller, configureYesterday, minutesAgo } from "@/test/support/callers";
import { dismissCaller } from "../callers/change";
import { readPreflight } from "../callers/preflight";
import { createInstance } from "./change";
import { listInstances, readInstanceList } from "./read";

let actor: Actor;

beforeAll(async () => {
  actor = await makeActor();
  for (let i = 1; i <= 45; i++) {
    const upstreamUrl = i % 9 === 0 ? `https://api-${i}.example.com` : "";
    await createInstance(actor, { name: `Shop ${String(i).padStart(2, "0")}`, upstreamUrl });
  }
  await createInstance(actor, { name: "100% café_olé" });
  await db.instance.updateMany({ where: { name: "Shop 07" }, data: { pausedAt: new Date() } });
});

const names = async (input: Parameters<typeof listInstances>[1]) =>
  (await listInstances(actor, input)).items.map(({ name }) => name);

describe("listInstances", () => {
  test("pages through all of them, newest first, each once", async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => listInstances(actor, { page })));
    expect(pages.map(({ items }) => items.length)).toEqual([20, 20, 6]);
    expect(pages[0]).toMatchObject({ matching: 46, total: 46, page: 1, pageCount: 3 });
    const ids = pages.flatMap(({ items }) => items.map(({ id }) => id));
    expect(new Set(ids).size).toBe(46);
    expect(pages[0]?.items[0]?.name).toBe("100% café_olé");
  });

  test("a page that is none means the nearest one", async () => {
    expect(await listInstances(actor, { page: 99 })).toMatchObject({ page: 3 });
    for (const page of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await listInstances(actor, { page })).toMatchObject({ page: 1 });
    }
  });

  test("searches name, id and upstream in any case", async () => {
    expect(await names({ search: " sHOP 1" })).toHaveLength(10);
    expect(await names({ search: "API-9." })).toEqual(["Shop 09"]);
    const [first] = (await listInstances(actor, { search: "Shop 07" })).items;
    expect(first?.paused).toBe(true);
    expect(await names({ search: first?.id ?? "" })).toEqual(["Shop 07"]);
    expect(await listInstances(actor, { search: "Shop", page: 3 })).toMatchObject({
      matching: 45,
      total: 46,
      page: 3,
    });
  });

  test("wildcards mean themselves", async () => {
    expect(await names({ search: "%" })).toEqual(["100% café_olé"]);
    expect(await names({ search: "é_o" })).toEqual(["100% café_olé"]);
    expect(await names({ search: "\\" })).toEqual([]);
    expect(await listInstances(actor, { search: "nothing" })).toEqual({
      items: [],
      matching: 0,
      total: 46,
      page: 1,
      pageCount: 1,
    });
  });
});

describe("readInstanceList", () => {
  let owner: Actor;
  let [orders, quiet] = ["", ""];

  const rows = async () => {
    const { items } = await readInstanceList(owner);
    return Object.fromEntries(items.map((item) => [item.name, item]));
  };

  beforeAll(async () => {
    owner = await makeActor();
    orders = (await createInstance(owner, { name: "Orders" })).instanceId;
    quiet = (await createInstance(owner, { name: "Quiet" })).instanceId;
    await addCaller(owner, orders, { agent: "n8n", token: "missing", at: minutesAgo(5), requests: 3 });
  });

  test("counts callers while there is no token, and judges nobody", async () => {
    const { Orders, Quiet } = await rows();
    expect(Orders).toMatchObject({ callers: 1, readiness: null, protection: "open" });
    expect(Quiet).toMatchObject({ callers: 0, readiness: null, lastCallAt: null });
  });

  test("says of each what the Security page says, when it was called last, and what its last day was", async () => {
    await configureYesterday(owner);
    await addCaller(owner, orders, { agent: "curl", token: "current", at: minutesAgo(1), requests: 4 });
    await addCaller(owner, orders, { agent: "old", token: "missing", at: minutesAgo(48 * 60) });
    await addCaller(owner, orders, { agent: "bad", token: "unknown", at: minutesAgo(2), outcome: "unknown" });
    const { Orders } = await rows();
    const preflight = await readPreflight(owner, {});
    expect(Orders?.readiness).toEqual(preflight?.readiness.get(orders));
    expect(Orders?.readiness).toMatchObject({ ready: 1, breaking: 2, unproven: 1 });
    expect(Math.abs(Number(Orders?.lastCallAt) - minutesAgo(1).getTime())).toBeLessThan(30_000);
    const sum = (requests: readonly number[] = []) => requests.reduce((all, each) => all + each, 0);
    expect([sum(Orders?.lastDay.accepted), sum(Orders?.lastDay.rejected)]).toEqual([7, 1]);
  });

  test("keeps running and enforcement apart", async () => {
    await db.account.update({ where: { id: owner.accountId }, data: { enforcement: "staged" } });
    await db.instance.update({ where: { id: orders }, data: { enforced: true } });
    await db.instance.update({ where: { id: quiet }, data: { pausedAt: new Date() } });
    expect(await rows()).toMatchObject({
      Orders: { paused: false, protection: "enforced" },
      Quiet: { paused: true, protection: "open" },
    });
    await db.account.update({
      where: { id: owner.accountId },
      data: { enforcement: "grace", graceUntil: new Date(Date.now() + 60_000) },
    });
    expect(await rows()).toMatchObject({
      Orders: { protection: "enforced" },
      Quiet: { protection: "known" },
    });
  });

  test("leaves out callers that were called gone", async () => {
    const callerId = await addCaller(owner, quiet, { agent: "gone", token: "missing", at: minutesAgo(60) });
    expect((await rows()).Quiet).toMatchObject({ callers: 1 });
    await dismissCaller(owner, { callerId, lastSeenAt: new Date() });
    expect((await rows()).Quiet).toMatchObject({ callers: 0, readiness: null });
  });

  test("shows an account nothing of another's", async () => {
    expect(await readInstanceList(await makeActor())).toMatchObject({ items: [], total: 0 });
  });
});
