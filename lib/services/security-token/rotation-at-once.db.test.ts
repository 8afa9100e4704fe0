import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { atOnce, epochOf, makeActor, refusedWith, shownToken } from "@/test/support/accounts";
import { configureSecurityToken } from "./configure";
import { activateSecurityToken } from "./enforcement";
import { finishRotation, rotateSecurityToken } from "./rotate";
import { readSecurityToken } from "./token";

let actor: Actor;

beforeEach(async () => {
  actor = await makeActor();
  await configureSecurityToken(actor);
  await activateSecurityToken(actor, await shownToken(actor));
});

async function rotate() {
  const { tokenId } = await readSecurityToken(actor);
  return rotateSecurityToken(actor, { tokenId: tokenId ?? "", overlap: "open" });
}

async function states(): Promise<string[]> {
  const where = { accountId: actor.accountId };
  return (await db.clientToken.findMany({ where, orderBy: { id: "asc" } })).map(({ state }) => state);
}

test.each(["1h", "open", "now"] as const)("of several rotations (%s) one wins", async (overlap) => {
  const other = await makeActor("owner", actor.accountId);
  const tokenId = (await readSecurityToken(actor)).tokenId ?? "";
  const epoch = await epochOf(actor);
  const clicks = await atOnce(actor, (position) =>
    rotateSecurityToken(position % 2 ? other : actor, { tokenId, overlap }),
  );
  expect(clicks.filter((click) => click.status === "fulfilled")).toHaveLength(1);
  for (const click of clicks)
    if (click.status === "rejected") expect(click.reason).toMatchObject({ code: "conflict" });
  expect(await states()).toEqual([overlap === "now" ? "retired" : "retiring", "current"]);
  expect(await epochOf(actor)).toBe(epoch + 1n);
});

test("of several finishes one wins, and none ends a later rotation", async () => {
  const { view } = await rotate();
  const tokenId = view.retiring?.id ?? "";
  const clicks = await atOnce(actor, () => finishRotation(actor, { tokenId }));
  expect(clicks.filter((click) => click.status === "fulfilled")).toHaveLength(1);
  await rotate();
  expect(await refusedWith(finishRotation(actor, { tokenId }))).toBe("conflict");
  expect(await states()).toEqual(["retired", "retiring", "current"]);
});

test("the database itself allows one current and one retiring token", async () => {
  await rotate();
  for (const state of ["current", "retiring"] as const) {
    const data = { accountId: actor.accountId, state, digest: new Uint8Array(32), lastFour: "0000" };
    await expect(db.clientToken.create({ data })).rejects.toThrow(/unique/i);
  }
});
