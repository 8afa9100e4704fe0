import { beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import type { Actor } from "@/lib/domain/actor";
import { makeActor } from "@/test/support/accounts";
import { addHour, addRejected, minutesAgo } from "@/test/support/callers";
import { createInstance } from "../instances/change";
import { readRejected } from "./rejected";

type RejectedInput = Parameters<typeof readRejected>[1];

describe("reading rejected requests", () => {
  let [owner, stranger]: Actor[] = [];
  let [shop, depot] = ["", ""];

  beforeAll(async () => {
    [owner, stranger] = await Promise.all([makeActor(), makeActor()]);
    shop = (await createInstance(me(), { name: "Corner shop" })).instanceId;
    depot = (await createInstance(me(), { name: "Depot 100%" })).instanceId;
    const n8n = await addRejected(me(), shop, { agent: "n8n", reason: "instance_token", requests: 3 });
    await addHour(n8n, minutesAgo(120), "missing", "missing", 40);
    await addRejected(me(), depot, { agent: "curl", reason: "missing", requests: 5, at: minutesAgo(1) });
    await addRejected(me(), depot, { agent: "", reason: "unknown", others: true, at: minutesAgo(2) });
    await addRejected(me(), shop, { agent: "old", reason: "missing", at: minutesAgo(50 * 60) });
    await addRejected(me(), shop, { agent: "newer", reason: "quota", at: minutesAgo(3) });
  });

  const me = () => owner as Actor;
  const rows = async (input: RejectedInput) =>
    (await readRejected(me(), input)).callers.map(({ agent, reason, requests }) => [agent, reason, requests]);

  it("lists callers of the last 24 hours, rejected last first, with reason, count and the other callers", async () => {
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

  it("counts in the chart, too, only the callers looked for, and none where there are none", async () => {
    const traffic = async (input: RejectedInput) => {
      const { rejected, reasons } = (await readRejected(me(), input)).traffic;
      return { rejected, reasons: reasons.map(({ reason, requests }) => [reason, requests]) };
    };
    const n8n = {
      rejected: 43,
      reasons: [
        ["missing", 40],
        ["instance_token", 3],
      ],
    };
    expect(await traffic({ caller: "n8n" })).toEqual(n8n);
    expect(await traffic({ caller: "n8n 203.0.113.9" }), "program and address").toEqual(n8n);
    expect(await traffic({ caller: "n8n", instance: depot })).toEqual({ rejected: 0, reasons: [] });
    expect(await traffic({ caller: "nobody" })).toEqual({ rejected: 0, reasons: [] });
    expect((await traffic({ caller: "203.0.113" })).rejected, "other callers match nobody").toBe(49);
  });

  it("draws the chart by caller and by instance, of what is looked for, those with most first", async () => {
    const lines = async (input: RejectedInput) =>
      (await readRejected(me(), input)).lines.map(({ caller, instanceName, requests, buckets }) => {
        expect(buckets).toHaveLength(24);
        expect(buckets.reduce((sum, each) => sum + each, 0)).toBe(requests);
        return [caller ? caller.agent : instanceName, requests];
      });
    expect(await lines({})).toEqual([]);
    const callers = [
      ["n8n", 43],
      ["curl", 5],
    ];
    expect((await lines({ by: "caller" })).slice(0, 2)).toEqual(callers);
    expect(await lines({ by: "caller" }), "the others are one").toHaveLength(4);
    expect(await lines({ by: "caller", reason: "missing" })).toEqual([
      ["n8n", 40],
      ["curl", 5],
    ]);
    expect(await lines({ by: "caller", instance: depot, caller: "curl" })).toEqual([["curl", 5]]);
    const instances = [
      ["Corner shop", 44],
      ["Depot 100%", 6],
    ];
    expect(await lines({ by: "instance" })).toEqual(instances);
    expect(await lines({ by: "instance", reason: "other" })).toEqual([["Corner shop", 1]]);
    expect(await lines({ by: "instance", caller: "curl" })).toEqual([["Depot 100%", 5]]);
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
    const narrowed = [{ instance: shop }, { caller: "n8n" }, { range: "month" }];
    for (const input of [{}, ...narrowed, ...narrowed.map((each) => ({ ...each, by: "caller" }))]) {
      const view = await readRejected(other, input);
      expect(view).toMatchObject({ matching: 0, callers: [], lines: [] });
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
