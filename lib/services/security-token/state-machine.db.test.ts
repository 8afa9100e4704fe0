import { beforeEach, describe, expect, test } from "vitest";
import { clientTokenDigest } from "@/lib/crypto/digest";
import { db } from "@/lib/db/client";
import type { Actor } from "@/lib/domain/actor";
import { canChange, type TokenChange, type TokenStatus } from "@/lib/domain/enforcement";
import { isWellFormedClientToken } from "@/lib/domain/token-format";
import { atOnce, epochOf, makeActor, refusedWith, shownToken, trail } from "@/test/support/accounts";
import { createInstance } from "../instances/change";
import { configureSecurityToken, regenerateSecurityToken, removeSecurityToken } from "./configure";
import { activateSecurityToken, deactivateSecurityToken } from "./enforcement";
import { protectKnownCallers, setGraceEnd } from "./grace";
import { finishRotation, rotateSecurityToken } from "./rotate";
import { readSecurityToken } from "./token";

/** Switching one instance is not a step here: it may change nothing. See staged.db.test.ts. */
type Step = Exclude<TokenChange, "enforce" | "release" | "arm" | "disarm">;

async function rotate(actor: Actor, overlap: "1h" | "now"): Promise<unknown> {
  const { tokenId } = await readSecurityToken(actor);
  return rotateSecurityToken(actor, { tokenId: tokenId ?? "none", overlap });
}

async function finish(actor: Actor): Promise<unknown> {
  const { retiring } = await readSecurityToken(actor);
  return finishRotation(actor, { tokenId: retiring?.id ?? "none" });
}

const steps: Record<Step, (actor: Actor) => Promise<unknown>> = {
  configure: configureSecurityToken,
  regenerate: async (actor) => regenerateSecurityToken(actor, await shownToken(actor)),
  activate: async (actor) => activateSecurityToken(actor, await shownToken(actor)),
  deactivate: deactivateSecurityToken,
  remove: async (actor) => removeSecurityToken(actor, await shownToken(actor)),
  rotate: (actor) => rotate(actor, "1h"),
  replace: (actor) => rotate(actor, "now"),
  finish,
  protect: async (actor) => protectKnownCallers(actor, { ...(await shownToken(actor)), days: 14 }),
  shorten: (actor) => setGraceEnd(actor, { until: new Date(Date.now() + 3_600_000) }),
};

const reach: Record<TokenStatus, (actor: Actor) => Promise<unknown>> = {
  none: async () => {},
  disabled: configureSecurityToken,
  staged: async (actor) => {
    await configureSecurityToken(actor);
    await db.account.update({ where: { id: actor.accountId }, data: { enforcement: "staged" } });
  },
  grace: async (actor) => {
    await configureSecurityToken(actor);
    const graceUntil = new Date(Date.now() + 86_400_000);
    await db.account.update({ where: { id: actor.accountId }, data: { enforcement: "grace", graceUntil } });
  },
  active: async (actor) => {
    await configureSecurityToken(actor);
    await activateSecurityToken(actor, await shownToken(actor));
  },
};

const table = Object.keys(reach).flatMap((status) =>
  Object.keys(steps).map((step) => [status as TokenStatus, step as Step] as const),
);

let actor: Actor;
beforeEach(async () => {
  actor = await makeActor();
});

const states = async (): Promise<string[]> => {
  const rows = await db.clientToken.findMany({
    where: { accountId: actor.accountId },
    orderBy: { id: "asc" },
  });
  return rows.map(({ state }) => state);
};

describe("the state machine", () => {
  test.each(table)("%s: %s", async (status, step) => {
    await reach[status](actor);
    expect(await readSecurityToken(actor)).toMatchObject({ status });
    const [before, events] = [await epochOf(actor), await trail(actor)];
    if (canChange(status, step)) {
      await steps[step](actor);
      expect(await epochOf(actor)).toBe(before + 1n);
      expect(await trail(actor)).toHaveLength(events.length + 1);
    } else {
      expect(await refusedWith(steps[step](actor))).toBe("conflict");
      expect(await epochOf(actor)).toBe(before);
      expect(await trail(actor)).toEqual(events);
    }
  });

  test("of several clicks at once one wins", async () => {
    for (const step of ["configure", "regenerate", "activate", "deactivate", "remove"] as const) {
      const clicks = await atOnce(actor, () => steps[step](actor));
      const lost = clicks.filter((click) => click.status === "rejected");
      expect([step, lost.length]).toEqual([step, 4]);
      for (const { reason } of lost) expect(reason).toMatchObject({ code: "conflict" });
    }
    expect(await states()).toEqual(["retired", "retired"]);
    expect(await trail(actor)).toEqual([
      "token.configured",
      "token.regenerated",
      "token.activated",
      "token.deactivated",
      "token.removed",
    ]);
  });
});

describe("the token", () => {
  test("is kept as a digest only, and its old digests stay", async () => {
    const first = await configureSecurityToken(actor);
    expect(isWellFormedClientToken(first.token)).toBe(true);
    const second = await regenerateSecurityToken(actor, await shownToken(actor));
    expect(second.token).not.toBe(first.token);
    expect(second.view).toMatchObject({ status: "disabled", lastFour: second.token.slice(-4) });
    const rows = await db.clientToken.findMany({
      where: { accountId: actor.accountId },
      orderBy: { id: "asc" },
    });
    expect(rows.map(({ state }) => state)).toEqual(["retired", "current"]);
    expect(Buffer.from(rows[0]?.digest ?? [])).toEqual(clientTokenDigest(first.token));
    expect(Buffer.from(rows[1]?.digest ?? [])).toEqual(clientTokenDigest(second.token));
  });

  test("the view counts where it is demanded", async () => {
    for (const name of ["One", "Two", "Three"]) await createInstance(actor, { name });
    expect(await readSecurityToken(actor)).toEqual({
      status: "none",
      lastFour: null,
      createdAt: null,
      enforcedInstances: 0,
      totalInstances: 3,
      tokenId: null,
      retiring: null,
    });
    await configureSecurityToken(actor);
    expect(await activateSecurityToken(actor, await shownToken(actor))).toMatchObject({
      status: "active",
      enforcedInstances: 3,
    });
    await db.account.update({ where: { id: actor.accountId }, data: { enforcement: "staged" } });
    await db.instance.updateMany({
      where: { accountId: actor.accountId, name: "Two" },
      data: { enforced: true },
    });
    expect(await readSecurityToken(actor)).toMatchObject({ status: "staged", enforcedInstances: 1 });
    expect(await deactivateSecurityToken(actor)).toMatchObject({ status: "disabled", enforcedInstances: 0 });
    expect(await removeSecurityToken(actor, await shownToken(actor))).toMatchObject({
      status: "none",
      lastFour: null,
    });
  });
});
