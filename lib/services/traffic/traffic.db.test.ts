import { beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { makeActor, refusedWith } from "@/test/support/accounts";
import { createInstance } from "../instances/change";
import { readTraffic } from "./traffic";

const hourMs = 3_600_000;

async function count(instanceId: string, hoursAgo: number, outcome: string, requests: number) {
  const hour = new Date(Math.floor(Date.now() / hourMs) * hourMs - hoursAgo * hourMs);
  await pool().query(`INSERT INTO "TrafficHour" VALUES ($1, $2, $3, 'none', $4)`, [
    instanceId,
    hour,
    outcome,
    requests,
  ]);
}

describe("reading traffic", () => {
  let owner: Actor;
  let stranger: Actor;
  let [busy, other] = ["", ""];

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([makeActor(), makeActor()]);
    busy = (await createInstance(owner, { name: "Busy" })).instanceId;
    other = (await createInstance(owner, { name: "Other" })).instanceId;
    await count(busy, 0, "accepted", 5_000_000_000);
    await count(busy, 23, "missing", 7);
    await count(busy, 24, "accepted", 11);
    await count(busy, 24 * 35, "accepted", 13);
    await count(other, 1, "accepted", 17);
  });

  it("gives one instance's requests of the last 24 hours", async () => {
    const view = await readTraffic(owner, { instanceId: busy });
    expect(view).toMatchObject({ range: "day", unit: "hour", accepted: 5_000_000_000, rejected: 7 });
    expect(view.reasons).toEqual([{ reason: "missing", requests: 7 }]);
    expect(view.buckets).toHaveLength(24);
    expect(view.buckets[0]).toMatchObject({ accepted: 0, rejected: 7 });
    expect(view.buckets.at(-1)).toMatchObject({ accepted: 5_000_000_000, rejected: 0 });
  });

  it("gives days of the reader's time zone, and leaves out what is older", async () => {
    const view = await readTraffic(owner, { instanceId: busy, range: "month", timeZone: "Asia/Kolkata" });
    expect(view).toMatchObject({ unit: "day", accepted: 5_000_000_011, rejected: 7 });
    expect(view.buckets).toHaveLength(30);
  });

  it("sums up the account when no instance is named", async () => {
    expect(await readTraffic(owner)).toMatchObject({ accepted: 5_000_000_017, rejected: 7 });
  });

  it("takes nonsense from the address bar for the default", async () => {
    const input = { instanceId: busy, range: "century", timeZone: "Mars/Olympus" };
    expect(await readTraffic(owner, input)).toMatchObject({ range: "day", rejected: 7 });
  });

  it("shows an account nothing of another's, and says no more of its instances than that they are not found", async () => {
    expect(await refusedWith(readTraffic(stranger, { instanceId: busy }))).toBe("not_found");
    expect(await refusedWith(readTraffic(stranger, { instanceId: "A".repeat(20) }))).toBe("not_found");
    expect(await refusedWith(readTraffic(stranger, { instanceId: "" }))).toBe("not_found");
    expect(await readTraffic(stranger)).toMatchObject({ accepted: 0, rejected: 0 });
  });

  it("lets every member look", async () => {
    const viewer = await makeActor("viewer", owner.accountId);
    expect(await readTraffic(viewer, { instanceId: busy })).toMatchObject({ rejected: 7 });
  });
});
