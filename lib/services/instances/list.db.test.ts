import { beforeAll, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { makeActor } from "@/test/support/accounts";
import { createInstance } from "./change";
import { listInstances } from "./read";

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
