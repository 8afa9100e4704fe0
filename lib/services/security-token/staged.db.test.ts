import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { atOnce, epochOf, makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import { createInstance, removeInstance } from "../instances/change";
import { configureSecurityToken } from "./configure";
import {
  activateSecurityToken,
  deactivateSecurityToken,
  listEnforcement,
  setInstanceEnforcement,
} from "./enforcement";
import { readSecurityToken } from "./token";

let actor: Actor;
let ids: string[];

beforeEach(async () => {
  actor = await makeActor();
  ids = [];
  for (const name of ["Bread", "Cake", "Rolls"]) ids.push((await createInstance(actor, { name })).instanceId);
});

const set = (position: number, enforced: boolean, by = actor) =>
  setInstanceEnforcement(by, { instanceId: ids[position] ?? "", enforced });

/** The chosen instances' names, whatever the account's enforcement. */
async function chosen(): Promise<string[]> {
  const where = { accountId: actor.accountId, enforced: true };
  const rows = await db.instance.findMany({ where, orderBy: { name: "asc" } });
  return rows.map(({ name }) => name);
}

describe("one instance after the other", () => {
  beforeEach(async () => {
    await configureSecurityToken(actor);
  });

  test("the first switch starts the stages, the last one off ends them", async () => {
    expect(await set(0, true)).toMatchObject({ status: "staged", enforcedInstances: 1, totalInstances: 3 });
    expect(await set(1, true)).toMatchObject({ status: "staged", enforcedInstances: 2 });
    expect(await set(0, false)).toMatchObject({ status: "staged", enforcedInstances: 1 });
    expect(await set(1, false)).toMatchObject({ status: "disabled", enforcedInstances: 0 });
    expect((await trail(actor)).slice(4)).toEqual([
      "token.enforced_on",
      "token.enforced_on",
      "token.released_on",
      "token.released_on",
    ]);
  });

  test("all of them on is not yet all: a new instance starts open until the token is activated", async () => {
    for (const position of [0, 1, 2]) await set(position, true);
    await createInstance(actor, { name: "Pies" });
    expect(await readSecurityToken(actor)).toMatchObject({ status: "staged", enforcedInstances: 3 });
    expect(await activateSecurityToken(actor, await shownToken(actor))).toMatchObject({
      status: "active",
      enforcedInstances: 4,
    });
  });

  test("one off while all are covered leaves exactly the others covered", async () => {
    await activateSecurityToken(actor, await shownToken(actor));
    expect(await set(1, false)).toMatchObject({ status: "staged", enforcedInstances: 2 });
    expect(await chosen()).toEqual(["Bread", "Rolls"]);
  });

  test("deactivating forgets what was chosen", async () => {
    await set(0, true);
    await set(1, true);
    await deactivateSecurityToken(actor);
    expect(await chosen()).toEqual([]);
    expect(await set(2, true)).toMatchObject({ status: "staged", enforcedInstances: 1 });
    expect(await chosen()).toEqual(["Rolls"]);
  });

  test("removing the last chosen instance covers nothing else, and it can be deactivated", async () => {
    await set(0, true);
    await removeInstance(actor, { instanceId: ids[0] ?? "", confirmName: "Bread" });
    expect(await readSecurityToken(actor)).toMatchObject({ status: "staged", enforcedInstances: 0 });
    expect(await deactivateSecurityToken(actor)).toMatchObject({ status: "disabled" });
  });

  test("a switch that is so already changes and records nothing", async () => {
    const before = [await epochOf(actor), await trail(actor)];
    expect(await set(0, false)).toMatchObject({ status: "disabled" });
    expect([await epochOf(actor), await trail(actor)]).toEqual(before);
    await activateSecurityToken(actor, await shownToken(actor));
    const after = [await epochOf(actor), await trail(actor)];
    expect(await set(0, true)).toMatchObject({ status: "active" });
    expect([await epochOf(actor), await trail(actor)]).toEqual(after);
  });

  test("two owners at the same switch make one change", async () => {
    const other = await makeActor("owner", actor.accountId);
    const epoch = await epochOf(actor);
    const clicks = await atOnce(actor, (position) => set(0, true, position % 2 ? other : actor), 4);
    expect(clicks.map((click) => click.status)).toEqual(Array(4).fill("fulfilled"));
    expect(await epochOf(actor)).toBe(epoch + 1n);
    expect((await trail(actor)).slice(4)).toEqual(["token.enforced_on"]);
  });

  test("two owners at different switches both get theirs", async () => {
    const other = await makeActor("owner", actor.accountId);
    await atOnce(actor, (position) => set(position, true, position % 2 ? other : actor), 3);
    expect(await chosen()).toEqual(["Bread", "Cake", "Rolls"]);
    await atOnce(actor, (position) => set(position, false, position % 2 ? other : actor), 3);
    expect(await readSecurityToken(actor)).toMatchObject({ status: "disabled", enforcedInstances: 0 });
  });
});

test("without a token there is nothing to demand", async () => {
  expect(await refusedWith(set(0, true))).toBe("conflict");
  expect(await refusedWith(set(0, false))).toBe("conflict");
});

test("the list says where the token is demanded, to viewers too, and is searched like the instances", async () => {
  const viewer = await makeActor("viewer", actor.accountId);
  const shown = async (search?: string) => {
    const { items } = await listEnforcement(viewer, { search });
    return items.map(({ name, enforced }) => `${name} ${enforced}`);
  };
  await configureSecurityToken(actor);
  await set(1, true);
  expect(await shown()).toEqual(["Rolls false", "Cake true", "Bread false"]);
  expect(await shown("cak")).toEqual(["Cake true"]);
  await activateSecurityToken(actor, await shownToken(actor));
  expect(await shown()).toEqual(["Rolls true", "Cake true", "Bread true"]);
  await deactivateSecurityToken(actor);
  expect(await shown()).toEqual(["Rolls false", "Cake false", "Bread false"]);
  expect(await listEnforcement(await makeActor())).toMatchObject({ items: [], matching: 0 });
});

test("a viewer cannot switch, and nobody another account's instance", async () => {
  await configureSecurityToken(actor);
  expect(await refusedWith(set(0, true, await makeActor("viewer", actor.accountId)))).toBe("forbidden");
  const stranger = await makeActor();
  await configureSecurityToken(stranger);
  expect(await refusedWith(set(0, true, stranger))).toBe("not_found");
  expect(await refusedWith(set(7, true))).toBe("not_found");
  expect(await chosen()).toEqual([]);
});
