import { beforeEach, describe, expect, test } from "vitest";
import { clientTokenDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import type { Overlap } from "@/lib/domain/rotation";
import { epochOf, makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import { configureSecurityToken, regenerateSecurityToken } from "./configure";
import { activateSecurityToken, deactivateSecurityToken } from "./enforcement";
import { finishRotation, rotateSecurityToken } from "./rotate";
import { readSecurityToken } from "./token";

let actor: Actor;
let first: string;

beforeEach(async () => {
  actor = await makeActor();
  first = (await configureSecurityToken(actor)).token;
  await activateSecurityToken(actor, await shownToken(actor));
});

async function rotate(overlap: Overlap, by = actor) {
  const { tokenId } = await readSecurityToken(by);
  return rotateSecurityToken(by, { tokenId: tokenId ?? "", overlap });
}

async function finish(by = actor) {
  const { retiring } = await readSecurityToken(by);
  return finishRotation(by, { tokenId: retiring?.id ?? "" });
}

async function stored() {
  return db.clientToken.findMany({ where: { accountId: actor.accountId }, orderBy: { id: "asc" } });
}

const states = async () => (await stored()).map(({ state }) => state);

/** As if the overlap had ended an hour ago. */
async function letTimePass(): Promise<void> {
  await db.clientToken.updateMany({
    where: { accountId: actor.accountId, state: "retiring" },
    data: { retireAt: new Date(Date.now() - 3_600_000) },
  });
}

describe("a rotation", () => {
  test("makes a new token and keeps the old one for the overlap", async () => {
    const epoch = await epochOf(actor);
    const { token, view } = await rotate("24h");
    const [old, current] = await stored();
    expect([old?.state, current?.state]).toEqual(["retiring", "current"]);
    expect(Buffer.from(old?.digest ?? [])).toEqual(clientTokenDigest(first));
    expect(Buffer.from(current?.digest ?? [])).toEqual(clientTokenDigest(token));
    const hours = ((old?.retireAt?.getTime() ?? 0) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(24, 2);
    expect(view).toMatchObject({
      status: "active",
      lastFour: token.slice(-4),
      retiring: { id: old?.id, lastFour: first.slice(-4), retireAt: old?.retireAt },
    });
    expect(await epochOf(actor)).toBe(epoch + 1n);
  });

  test("until it is finished has no end", async () => {
    expect((await rotate("open")).view.retiring?.retireAt).toBeNull();
    expect(await finish()).toMatchObject({ status: "active", retiring: null });
    expect(await states()).toEqual(["retired", "current"]);
    expect(await trail(actor)).toEqual([
      "token.configured",
      "token.activated",
      "token.rotated",
      "token.rotation_finished",
    ]);
  });

  test("without an overlap leaves one token, also during another rotation", async () => {
    expect((await rotate("now")).view.retiring).toBeNull();
    expect(await states()).toEqual(["retired", "current"]);
    await rotate("open");
    expect((await rotate("now")).view.retiring).toBeNull();
    expect(await states()).toEqual(["retired", "retired", "retired", "current"]);
  });

  test("waits for the one before: never three live tokens", async () => {
    await rotate("1h");
    expect(await refusedWith(rotate("1h"))).toBe("conflict");
    await letTimePass();
    expect(await readSecurityToken(actor)).toMatchObject({ retiring: null });
    expect(await refusedWith(finish())).toBe("conflict");
    await rotate("7d");
    expect(await states()).toEqual(["retired", "retiring", "current"]);
  });

  test("outlasts a deactivation; regenerating while disabled ends both tokens", async () => {
    await rotate("open");
    expect(await deactivateSecurityToken(actor)).toMatchObject({ retiring: { lastFour: first.slice(-4) } });
    expect(await refusedWith(rotate("1h"))).toBe("conflict");
    expect(await activateSecurityToken(actor, await shownToken(actor))).toMatchObject({
      retiring: { lastFour: first.slice(-4) },
    });
    expect(await refusedWith(regenerateSecurityToken(actor, await shownToken(actor)))).toBe("conflict");
    await deactivateSecurityToken(actor);
    expect((await regenerateSecurityToken(actor, await shownToken(actor))).view.retiring).toBeNull();
    expect(await states()).toEqual(["retired", "retired", "current"]);
  });
});

test("what makes no sense is refused, and a viewer changes nothing", async () => {
  const tokenId = (await readSecurityToken(actor)).tokenId ?? "";
  const forged = { tokenId, overlap: "forever" as Overlap };
  expect(await refusedWith(rotateSecurityToken(actor, forged))).toBe("invalid overlap:required");
  expect(await refusedWith(rotateSecurityToken(actor, { tokenId: "x", overlap: "1h" }))).toBe("conflict");
  const viewer = await makeActor("viewer", actor.accountId);
  expect(await refusedWith(rotate("now", viewer))).toBe("forbidden");
  expect(await refusedWith(finish(viewer))).toBe("forbidden");
  expect(await states()).toEqual(["current"]);
});
