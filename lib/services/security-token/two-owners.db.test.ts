import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { atOnce, epochOf, makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import { createInstance } from "../instances/change";
import { configureSecurityToken, regenerateSecurityToken, removeSecurityToken } from "./configure";
import { activateOnReadyInstances, activateSecurityToken, deactivateSecurityToken } from "./enforcement";
import { finishRotation, rotateSecurityToken } from "./rotate";
import { readSecurityToken } from "./token";

let one: Actor;
let two: Actor;

beforeEach(async () => {
  one = await makeActor();
  two = await makeActor("owner", one.accountId);
  await createInstance(one, { name: "Shop" });
});

/** Two owners click different buttons while nobody's change has been made yet; how each click ended. */
async function clicks(...work: [(actor: Actor) => Promise<unknown>, (actor: Actor) => Promise<unknown>]) {
  const settled = await atOnce(one, (at) => (at === 0 ? work[0](one) : work[1](two)), 2);
  return settled.map((each) => (each.status === "fulfilled" ? "done" : each.reason.code));
}

const states = async () =>
  (await db.clientToken.findMany({ where: { accountId: one.accountId }, orderBy: { id: "asc" } })).map(
    ({ state }) => state,
  );

async function rotating() {
  await configureSecurityToken(one);
  await activateSecurityToken(one, await shownToken(one));
  const { tokenId } = await readSecurityToken(one);
  await rotateSecurityToken(one, { tokenId: tokenId ?? "", overlap: "open" });
  return readSecurityToken(one);
}

test("one activates while the other replaces the disabled token: one of both, and no token is lost", async () => {
  await configureSecurityToken(one);
  const seen = await shownToken(one);
  const ends = await clicks(
    (actor) => activateSecurityToken(actor, seen),
    (actor) => regenerateSecurityToken(actor, seen),
  );
  // Nobody has looked at whom a token that is newer than the click would reject.
  expect([
    ["conflict", "done"],
    ["done", "conflict"],
  ]).toContainEqual(ends);
  const status = ends[0] === "done" ? "active" : "disabled";
  expect(await readSecurityToken(one)).toMatchObject({ status });
  expect((await states()).filter((state) => state === "current")).toHaveLength(1);
});

test("one activates while the other removes: the token is active, or gone, never demanded without one", async () => {
  await configureSecurityToken(one);
  const seen = await shownToken(one);
  const ends = await clicks(
    (actor) => activateSecurityToken(actor, seen),
    (actor) => removeSecurityToken(actor, seen),
  );
  expect(ends.filter((end) => end === "done")).toHaveLength(1);
  const { status } = await readSecurityToken(one);
  expect(status).toBe(ends[0] === "done" ? "active" : "none");
});

test("one activates on ready instances while the other activates: what was asked for more is what counts", async () => {
  await configureSecurityToken(one);
  const epoch = await epochOf(one);
  const seen = await shownToken(one);
  const ends = await clicks(
    (actor) => activateSecurityToken(actor, seen),
    (actor) => activateOnReadyInstances(actor, seen),
  );
  expect(ends[0]).toBe("done");
  expect(await readSecurityToken(one)).toMatchObject({ status: "active", enforcedInstances: 1 });
  expect(await epochOf(one)).toBe(epoch + BigInt(ends.filter((end) => end === "done").length));
});

test("one finishes a rotation while the other replaces both tokens: one token is left", async () => {
  const { tokenId, retiring } = await rotating();
  const ends = await clicks(
    (actor) => finishRotation(actor, { tokenId: retiring?.id ?? "" }),
    (actor) => rotateSecurityToken(actor, { tokenId: tokenId ?? "", overlap: "now" }),
  );
  expect(ends[1]).toBe("done");
  expect(await states()).toEqual(["retired", "retired", "current"]);
});

test("one finishes a rotation while the other deactivates: both happen, whoever is first", async () => {
  const { retiring } = await rotating();
  const ends = await clicks(
    (actor) => finishRotation(actor, { tokenId: retiring?.id ?? "" }),
    deactivateSecurityToken,
  );
  expect(ends).toEqual(["done", "done"]);
  expect(await readSecurityToken(one)).toMatchObject({ status: "disabled", retiring: null });
});

test("a double click is one change: it is recorded once, and raises the epoch once", async () => {
  await configureSecurityToken(one);
  const seen = await shownToken(one);
  for (const step of [(by: Actor) => activateSecurityToken(by, seen), deactivateSecurityToken]) {
    const [epoch, events] = [await epochOf(one), (await trail(one)).length];
    const ends = await atOnce(one, () => step(one), 2);
    expect(ends.map((end) => end.status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await epochOf(one)).toBe(epoch + 1n);
    expect(await trail(one)).toHaveLength(events + 1);
  }
});

test("what a dialog was opened for is what it changes: with another token since, it is refused", async () => {
  await configureSecurityToken(one);
  const seen = await shownToken(one);
  const { view } = await regenerateSecurityToken(two, seen);
  const late = [
    activateSecurityToken,
    activateOnReadyInstances,
    regenerateSecurityToken,
    removeSecurityToken,
  ] as const;
  for (const step of late) expect(await refusedWith(step(one, seen))).toBe("conflict");
  expect(await readSecurityToken(one)).toEqual(view);
  expect(await states()).toEqual(["retired", "current"]);
  await activateSecurityToken(one, await shownToken(one));
  const [before] = [
    await shownToken(one),
    await rotateSecurityToken(two, { ...(await shownToken(two)), overlap: "now" }),
  ];
  await deactivateSecurityToken(one);
  expect(await refusedWith(activateSecurityToken(one, before))).toBe("conflict");
  expect(await readSecurityToken(one)).toMatchObject({ status: "disabled" });
});
