import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type ConfirmationStore,
  type GateNodeIdentity,
  openConfirmationStore,
} from "@/lib/db/gate-confirmations";
import { pool } from "@/lib/db/pool";
import { inAccountTransaction } from "@/lib/db/transaction";
import type { Actor } from "@/lib/domain/actor";
import { epochOf, makeAccount, makeActor, shownToken } from "@/test/support/accounts";
import { configureSecurityToken } from "./configure";
import { activateSecurityToken } from "./enforcement";
import { readConfirmation } from "./token";

const snapshotNow = async () =>
  (await pool().query<{ at: string }>("SELECT pg_current_snapshot()::text AS at")).rows[0]?.at ?? "";

let owner: Actor;
let nextPid = 1;
const stores: ConfirmationStore[] = [];

function gate(more: Partial<GateNodeIdentity> = {}): ConfirmationStore {
  const pid = nextPid++;
  const identity = { id: randomUUID(), gateId: randomUUID(), host: "web-1", pid, leadPid: pid };
  const store = openConfirmationStore({ ...identity, stalenessMs: 60_000, ...more });
  stores.push(store);
  return store;
}

async function confirm(store: ConfirmationStore, ageMs = 0): Promise<void> {
  await store.write([{ accountId: owner.accountId, epoch: await epochOf(owner), ageMs }]);
}

describe("confirmations on PostgreSQL", () => {
  beforeEach(async () => {
    owner = await makeActor();
  });

  afterEach(async () => {
    await pool().query(`DELETE FROM "GateNode"`);
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  it("say nothing before the first change, and count a gate that began after it", async () => {
    expect(await readConfirmation(owner)).toBeNull();
    await configureSecurityToken(owner);
    expect(await readConfirmation(owner)).toMatchObject({ gates: 0, confirmed: 0 });
    await gate().beat(await snapshotNow());
    expect(await readConfirmation(owner)).toMatchObject({ gates: 1, confirmed: 1, tookMs: null });
  });

  it("confirm a change only with its own epoch, and say how long it took", async () => {
    const [one, two] = [gate(), gate()];
    for (const each of [one, two]) await each.beat(await snapshotNow());
    await configureSecurityToken(owner);
    expect(await readConfirmation(owner)).toMatchObject({ gates: 2, confirmed: 0, tookMs: null });
    await confirm(one);
    expect(await readConfirmation(owner)).toMatchObject({ gates: 2, confirmed: 1, tookMs: null });
    await confirm(two);
    const done = await readConfirmation(owner);
    expect(done).toMatchObject({ gates: 2, confirmed: 2, waiting: [] });
    expect(done?.tookMs).toBeGreaterThanOrEqual(0);
    await activateSecurityToken(owner, await shownToken(owner));
    expect(await readConfirmation(owner)).toMatchObject({ gates: 2, confirmed: 0 });
    // An older confirmation that arrives late takes nothing back.
    await confirm(one);
    await one.write([{ accountId: owner.accountId, epoch: 1n, ageMs: 0 }]);
    expect(await readConfirmation(owner)).toMatchObject({ confirmed: 1 });
  });

  it("say whose clock is off, and no more once it is right", async () => {
    await configureSecurityToken(owner);
    const store = gate();
    for (const aheadMs of [3000.4, -2000, 1e12]) {
      await store.beat(null, aheadMs);
      expect((await readConfirmation(owner))?.wrongClocks).toMatchObject([
        { host: "web-1", aheadMs: Math.min(Math.round(aheadMs), 2 ** 31 - 1) },
      ]);
    }
    await store.beat(null);
    expect((await readConfirmation(owner))?.wrongClocks).toEqual([]);
  });

  it("do not confirm a change that was not committed when the gate caught up, however early it began", async () => {
    const store = gate();
    const outside = AsyncLocalStorage.snapshot();
    await inAccountTransaction(owner.accountId, async (tx) => {
      await tx.$executeRaw`
        UPDATE "Account" SET "epoch" = "epoch" + 1, "epochAt" = clock_timestamp(),
               "epochXid" = pg_current_xact_id()::text::bigint WHERE "id" = ${owner.accountId}::uuid`;
      await store.beat(await outside(snapshotNow));
    });
    expect(await readConfirmation(owner)).toMatchObject({ gates: 1, confirmed: 0 });
    await confirm(store);
    expect(await readConfirmation(owner)).toMatchObject({ gates: 1, confirmed: 1 });
  });

  it("count processes behind one port as one gate, confirmed when all of them have", async () => {
    const gateId = randomUUID();
    const workers = [gate({ gateId }), gate({ gateId })];
    for (const each of workers) await each.beat(await snapshotNow());
    await configureSecurityToken(owner);
    const [first, second] = workers;
    if (first) await confirm(first);
    expect(await readConfirmation(owner)).toMatchObject({ gates: 1, confirmed: 0 });
    if (second) await confirm(second);
    expect(await readConfirmation(owner)).toMatchObject({ gates: 1, confirmed: 1 });
  });

  it("let a gate go at once when it says goodbye", async () => {
    const [stays, leaves] = [gate(), gate()];
    for (const each of [stays, leaves]) await each.beat(await snapshotNow());
    await configureSecurityToken(owner);
    await confirm(stays);
    expect((await readConfirmation(owner))?.waiting).toMatchObject([{ host: "web-1", silentSince: null }]);
    await leaves.leave();
    expect(await readConfirmation(owner)).toMatchObject({ gates: 1, confirmed: 1, waiting: [] });
  });

  it("stay few: silent gates and confirmations of yesterday are swept away", async () => {
    const [alive, dead] = [gate(), gate({ stalenessMs: 1000 })];
    for (const each of [alive, dead]) await each.beat(await snapshotNow());
    await confirm(alive);
    await confirm(dead);
    await pool().query(
      `UPDATE "GateNode" SET "lastSeenAt" = now() - interval '2 minutes' WHERE "stalenessMs" = 1000`,
    );
    await pool().query(
      `UPDATE "GateConfirmation" SET "appliedAt" = now() - interval '26 hours' WHERE "accountId" = $1`,
      [owner.accountId],
    );
    await alive.sweep();
    const count = async (from: string) => (await pool().query(`SELECT 1 FROM ${from}`)).rowCount;
    expect(await count(`"GateNode"`)).toBe(1);
    expect(await count(`"GateConfirmation" WHERE "accountId" = '${owner.accountId}'`)).toBe(0);
  });

  it("of many accounts are one statement, and never wait for one whose row is held", async () => {
    const store = gate();
    const others = await Promise.all(Array.from({ length: 3 }, () => makeAccount()));
    await inAccountTransaction(owner.accountId, async () => {
      const accounts = [owner.accountId, ...others];
      await store.write(accounts.map((accountId) => ({ accountId, epoch: 1n, ageMs: 5 })));
    });
    const { rowCount } = await pool().query(`SELECT 1 FROM "GateConfirmation" WHERE "epoch" = 1`);
    expect(rowCount).toBeGreaterThanOrEqual(4);
  });
});
