import { beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { createInstance } from "../instances/create";
import { makeActor } from "../testing/actors";
import { type RejectedInput, readRejected } from "./list";
import { addHour, addRejected, minutesBefore } from "./test-rejection";

describe("reading rejected requests", () => {
  let [owner, stranger]: Actor[] = [];
  let [shop, depot] = ["", ""];

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([makeActor(), makeActor()]);
    shop = (await createInstance(me(), { name: "Corner shop" })).instanceId;
    depot = (await createInstance(me(), { name: "Depot 100%" })).instanceId;
    const n8n = await addRejected(me(), shop, { agent: "n8n", reason: "instance_token", requests: 3 });
    await addHour(n8n, minutesBefore(120), "missing", "missing", 40);
    await addRejected(me(), depot, { agent: "curl", reason: "missing", requests: 5, at: minutesBefore(1) });
    await addRejected(me(), depot, { agent: "", reason: "unknown", others: true, at: minutesBefore(2) });
    await addRejected(me(), shop, { agent: "old", reason: "missing", at: minutesBefore(50 * 60) });
    await addRejected(me(), shop, { agent: "newer", reason: "quota", at: minutesBefore(3) });
  });

  const me = () => owner as Actor;
  const rows = async (input: RejectedInput) =>
    (await readRejected(me(), input)).callers.map(({ agent, reason, requests }) => [agent, reason, requests]);

  it("lists callers of the last 24 hours, rejected last first, with reason, count and the folded ones", async () => {
    const view = await readRejected(me());
    expect(view.callers.map(({ agent, others }) => (others ? "others" : agent))).toEqual([
      "n8n",
      "curl",
      "others",
      "newer",
    ]);
    expect(view.callers[0]).toMatchObject({
      reason: "instance_token",
      requests: 3,
      besides: [{ reason: "missing", requests: 40 }],
      instanceName: "Corner shop",
      lastMethod: "POST",
      lastPath: "/send-text",
      hourOnly: false,
    });
    expect(view).toMatchObject({ matching: 4, page: 1, pageCount: 1, capped: false });
    expect(view.traffic).toMatchObject({ rejected: 50, range: "day" });
    expect(view.traffic.buckets.at(-1)?.reasons.length).toBeGreaterThan(0);
  });

  it("narrows by reason, also to those that were rejected for it earlier, and to reasons nobody knows", async () => {
    expect(await rows({ reason: "missing" })).toEqual([
      ["n8n", "missing", 40],
      ["curl", "missing", 5],
    ]);
    expect(await rows({ reason: "other" })).toEqual([["newer", "other", 1]]);
    expect(await rows({ reason: "duplicate" })).toEqual([]);
  });

  it("finds callers by a part of what they are, and instances by a part of the name or the id", async () => {
    expect(await rows({ caller: "N8" })).toHaveLength(1);
    expect(await rows({ caller: "203.0.113", instance: "corner" })).toHaveLength(2);
    expect(await rows({ instance: "100%" })).toHaveLength(2);
    expect(await rows({ instance: "%" }), "a sign, not a wildcard").toHaveLength(2);
    expect(await rows({ instance: shop, caller: "curl" })).toEqual([]);
    const view = await readRejected(me(), { instance: depot });
    expect(view.traffic, "the chart is of these instances too").toMatchObject({ rejected: 6 });
  });

  it("looks back 7 and 30 days", async () => {
    expect(await rows({ range: "week" })).toContainEqual(["old", "missing", 1]);
    expect((await readRejected(me(), { range: "month" })).traffic.buckets).toHaveLength(30);
  });

  it("takes nonsense from the address bar for the default", async () => {
    const nonsense = {
      range: "century",
      reason: "because",
      page: "-3",
      caller: "\0",
      timeZone: "Mars/Olympus",
    };
    expect(await readRejected(me(), nonsense)).toMatchObject({ matching: 4, page: 1 });
    expect(await readRejected(me(), { page: "200" }), "beyond the last page").toMatchObject({
      matching: 4,
      page: 1,
    });
    expect((await readRejected(me(), { caller: "x".repeat(300) })).filter.caller).toBe("");
  });

  it("shows an account nothing of another's, and lets viewers look", async () => {
    const other = stranger as Actor;
    for (const input of [{}, { instance: shop }, { caller: "n8n" }, { range: "month" }]) {
      const view = await readRejected(other, input);
      expect(view).toMatchObject({ matching: 0, callers: [] });
      expect(view.traffic.rejected).toBe(0);
    }
    const viewer = await makeActor("viewer", me().accountId);
    expect((await readRejected(viewer)).matching).toBe(4);
  });

  it("gives page after page, each caller once, and looks through a bounded number", async () => {
    const crowd = await makeActor();
    const { instanceId } = await createInstance(crowd, { name: "Busy" });
    await pool().query(
      `INSERT INTO "Caller" SELECT gen_random_uuid(), $1, $2, false, '10.0.0.1', 'a' || n, '', now(), now(), 'GET',
              '/', 'missing', 'missing', NULL, now() - n * interval '1 millisecond'
         FROM generate_series(1, 5001) n`,
      [crowd.accountId, instanceId],
    );
    const pages = await Promise.all(["1", "2", "200"].map((page) => readRejected(crowd, { page })));
    expect(pages.map(({ callers }) => callers.length)).toEqual([25, 25, 25]);
    expect(new Set(pages.flatMap(({ callers }) => callers.map(({ id }) => id))).size).toBe(75);
    expect(pages[0]).toMatchObject({ matching: 5000, capped: true, pageCount: 200 });
  });
});
