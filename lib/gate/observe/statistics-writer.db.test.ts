import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pool } from "@/lib/db/pool";
import { callerLimits, otherCallersId } from "@/lib/domain/caller";
import {
  callersOf,
  makeInstance,
  makeObservedAccount,
  newId,
  observedAccountId,
  removeObservedAccount,
  seen,
  statisticsWriter,
  sum,
  testEvent,
} from "@/test/support/gate";

describe("caller statistics on PostgreSQL", () => {
  beforeAll(makeObservedAccount);
  afterAll(removeObservedAccount);

  it("add up exactly when several gates write the same callers at once", async () => {
    const instances = await Promise.all([1, 2, 3].map(() => makeInstance()));
    const gates = Array.from({ length: 6 }, () => statisticsWriter());
    for (let round = 0; round < 20; round++) {
      for (const [index, gate] of gates.entries()) {
        for (let n = 0; n < 30; n++) {
          const instanceId = instances[(n + index) % 3] ?? "";
          gate.record(seen(instanceId, { clientAddress: `10.0.0.${(n * 7 + index) % 10}` }));
        }
      }
      await Promise.all(gates.map((gate) => gate.flush()));
    }
    await Promise.all(gates.map((gate) => gate.close()));
    for (const table of ["TrafficHour", "CallerHour"] as const) {
      const sums = await Promise.all(instances.map((instanceId) => sum(table, instanceId)));
      expect(sums).toEqual([1200, 1200, 1200]);
    }
  });

  it("keep a caller's first and newest sight, whichever batch comes first", async () => {
    const instanceId = await makeInstance();
    const at = Date.UTC(2026, 10, 24, 12, 59, 59, 999);
    const [late, early] = [statisticsWriter(), statisticsWriter()];
    late.record(seen(instanceId, { at: at + 1, token: "current", method: "GET", rest: "/late" }));
    await late.close();
    early.record(seen(instanceId, { at, outcome: "missing", rest: "/early/1234567" }));
    await early.close();
    const found = { where: `c."instanceId" = '${instanceId}'` };
    const { rows } = await pool().query(
      `SELECT c.*, h."hour", h."outcome", h."token", h."requests"
         FROM "Caller" c JOIN "CallerHour" h ON h."callerId" = c."id" WHERE ${found.where} ORDER BY h."hour"`,
    );
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      accountId: observedAccountId,
      address: "203.0.113.9",
      agent: "curl",
      firstSeenAt: new Date(at),
      lastSeenAt: new Date(at + 1),
      lastMethod: "GET",
      lastPath: "/late",
      lastOutcome: "accepted",
      lastToken: "current",
      acceptedAt: new Date(at + 1),
      rejectedAt: new Date(at),
      liveAt: new Date(at + 1),
      notLiveAt: new Date(at),
    });
    expect(rows.map(({ hour, outcome }) => [hour.toISOString(), outcome])).toEqual([
      ["2026-11-24T12:00:00.000Z", "missing"],
      ["2026-11-24T13:00:00.000Z", "accepted"],
    ]);
  });

  it("keep 32 endpoints of a caller, whichever gates saw them, and say that there were more", async () => {
    const instanceId = await makeInstance();
    const words = ["send", "read", "list", "edit", "drop", "find"];
    const [one, other] = [statisticsWriter(), statisticsWriter()];
    for (const [n, first] of words.entries()) {
      for (const second of words) {
        (n < 3 ? one : other).record(seen(instanceId, { rest: `/${first}/${second}` }));
        other.record(seen(instanceId, { rest: "/send/send", outcome: "endpoint", token: "current" }));
      }
    }
    await one.close();
    await other.close();
    const { rows } = await pool().query(
      `SELECT e.*, c."moreEndpointsAt" FROM "CallerEndpoint" e JOIN "Caller" c ON c."id" = e."callerId"
        WHERE c."instanceId" = $1 ORDER BY e."accepted" + e."rejected" DESC`,
      [instanceId],
    );
    expect(rows).toHaveLength(32);
    expect(rows[0]).toMatchObject({ method: "POST", path: "/send/send", accepted: "1", rejected: "36" });
    expect(rows[0].moreEndpointsAt).toEqual(new Date(testEvent().at));
  });

  it("tell when a caller last came without the token after it had come with it, however batches divide it", async () => {
    const at = Date.UTC(2026, 10, 24, 12);
    const relapse = async (...batches: readonly (readonly boolean[])[]) => {
      const instanceId = await makeInstance();
      let n = 0;
      for (const batch of batches) {
        const writer = statisticsWriter();
        for (const live of batch) {
          writer.record(seen(instanceId, { at: at + n++, token: live ? "current" : "missing" }));
        }
        await writer.close();
      }
      const [caller] = await callersOf(instanceId);
      const msOf = (moment: Date | null) => moment && moment.getTime() - at;
      return [msOf(caller?.relapsedAt), msOf(caller?.relapsedFrom)];
    };
    expect(await relapse([false], [false, true], [true])).toEqual([null, null]);
    expect(await relapse([true], [false])).toEqual([1, 0]);
    expect(await relapse([true], [false, true])).toEqual([1, 0]);
    expect(await relapse([true, false, true], [false, true])).toEqual([3, 2]);
    expect(await relapse([true], [true, false, true], [true])).toEqual([2, 1]);
  });

  it("tell of a call without the token that another gate writes after later ones with it, however many there were", async () => {
    const at = Date.UTC(2026, 10, 24, 12);
    const instanceId = await makeInstance();
    const [late, early] = [statisticsWriter(), statisticsWriter()];
    late.record(seen(instanceId, { at: at + 4, token: "missing" }));
    for (const ms of [1, 3, 5]) early.record(seen(instanceId, { at: at + ms, token: "current" }));
    await early.close();
    await late.close();
    const [caller] = await callersOf(instanceId);
    expect(caller?.relapsedAt).toEqual(new Date(at + 4));
    expect(caller?.relapsedFrom).toEqual(new Date(at + 1));
  });

  it("are the same however batches divide them, and relapses are what the requests in their order say", async () => {
    const at = Date.UTC(2026, 10, 24, 12, 59, 59, 900);
    const sight = fc.record({
      token: fc.constantFrom("current", "retiring", "missing", "unknown", null),
      outcome: fc.constantFrom("accepted", "missing", "instance_paused"),
      userAgent: fc.constantFrom("curl/8.5.0", "curl/8.6.0"),
      requests: fc.constantFrom(0, 1),
      /** Whether what came before it is written first. */
      writtenBefore: fc.boolean(),
    } as const);
    const isLive = ({ token }: { readonly token: string | null }) =>
      token === "current" || token === "retiring";
    const callers = fc.array(fc.array(sight, { minLength: 1, maxLength: 12 }), {
      minLength: 20,
      maxLength: 20,
    });
    const rowsOf = async (instanceId: string) => {
      const text = `
        SELECT c."address", c."userAgent", c."firstSeenAt", c."lastSeenAt", c."lastMethod", c."lastPath",
               c."lastOutcome", c."lastToken", c."acceptedAt", c."rejectedAt", c."liveAt", c."notLiveAt",
               c."liveSinceAt", c."relapsedAt", c."relapsedFrom",
               (SELECT json_agg(json_build_array(h."hour", h."outcome", h."token", h."requests") 
                               ORDER BY h."hour", h."outcome", h."token")
                  FROM "CallerHour" h WHERE h."callerId" = c."id") AS hours
          FROM "Caller" c WHERE c."instanceId" = $1 ORDER BY c."address"`;
      return (await pool().query(text, [instanceId])).rows;
    };
    await fc.assert(
      fc.asyncProperty(callers, async (all) => {
        const [whole, divided] = [await makeInstance(), await makeInstance()];
        const [atOnce, inBatches] = [statisticsWriter(), statisticsWriter()];
        for (let n = 0; n < 12; n++) {
          if (all.some((sights) => sights[n]?.writtenBefore)) await inBatches.flush();
          for (const [nth, sights] of all.entries()) {
            const { writtenBefore: _, ...more } = sights[n] ?? {};
            if (sights[n] === undefined) continue;
            const event = { ...more, clientAddress: `10.0.0.${nth}`, at: at + n * 20 };
            atOnce.record(seen(whole, event));
            inBatches.record(seen(divided, event));
          }
        }
        await Promise.all([atOnce.close(), inBatches.close()]);
        const [rows, dividedRows] = [await rowsOf(whole), await rowsOf(divided)];
        // Their callers would count towards the account's limit.
        await pool().query(`DELETE FROM "Instance" WHERE "id" = ANY($1)`, [[whole, divided]]);
        expect(dividedRows).toEqual(rows);
        for (const [nth, sights] of all.entries()) {
          const not = sights.findLastIndex(({ token }) => token !== null && !isLive({ token }));
          const from = sights.slice(0, Math.max(not, 0)).findLastIndex(isLive);
          const since = sights.findIndex((sight, n) => n > not && isLive(sight));
          const when = (n: number) => (n < 0 ? null : new Date(at + n * 20));
          const caller = rows.find(({ address }) => address === `10.0.0.${nth}`);
          expect([caller?.relapsedAt, caller?.relapsedFrom]).toEqual([
            from < 0 ? null : when(not),
            when(from),
          ]);
          expect(caller?.liveSinceAt).toEqual(when(since));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("leave out instances that were deleted meanwhile, and keep the rest", async () => {
    const [kept, deleted] = [await makeInstance(), newId()];
    const writer = statisticsWriter();
    writer.record(seen(deleted));
    writer.record(seen(kept));
    await writer.close();
    expect(await sum("TrafficHour", kept)).toBe(1);
    expect(await callersOf(deleted)).toEqual([]);
  });

  it("keep no more callers of an instance than its limit; the others are summed up and none is lost", async () => {
    const instanceId = await makeInstance();
    const half = callerLimits.perInstance / 2;
    for (let round = 0; round < 4; round++) {
      const writer = statisticsWriter();
      for (let n = 0; n < half + 10; n++) {
        writer.record(seen(instanceId, { clientAddress: `10.${round}.${n >> 8}.${n & 255}` }));
      }
      await writer.close();
    }
    const callers = await callersOf(instanceId);
    expect(callers).toHaveLength(callerLimits.perInstance + 1);
    expect(callers.at(-1)).toMatchObject({
      id: otherCallersId(instanceId),
      others: true,
      address: null,
      agent: "",
      userAgent: "",
    });
    expect(await sum("CallerHour", instanceId)).toBe(4 * (half + 10));
    expect(await sum("TrafficHour", instanceId)).toBe(4 * (half + 10));
    await pool().query(`UPDATE "Caller" SET "name" = 'named' WHERE "instanceId" = $1`, [instanceId]);
    const late = statisticsWriter();
    late.record(seen(instanceId, { clientAddress: "10.9.9.9" }));
    await late.close();
    expect(await callersOf(instanceId), "names make no room").toHaveLength(callerLimits.perInstance + 1);
  });

  it("see a caller without counting a request", async () => {
    const instanceId = await makeInstance();
    const at = Date.UTC(2026, 10, 24, 12, 30);
    const writer = statisticsWriter();
    writer.record(seen(instanceId, { at, token: "current" }));
    await writer.flush();
    writer.record(seen(instanceId, { at: at + 60_000, token: "retired", requests: 0 }));
    await writer.close();
    expect(await callersOf(instanceId)).toMatchObject([
      { lastSeenAt: new Date(at + 60_000), lastToken: "retired", notLiveAt: new Date(at + 60_000) },
    ]);
    for (const table of ["TrafficHour", "CallerHour"] as const) expect(await sum(table, instanceId)).toBe(1);
  });

  it("take whatever bytes a client sends", async () => {
    const instanceId = await makeInstance();
    const writer = statisticsWriter();
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
    writer.record(
      seen(instanceId, { userAgent: bytes, method: '\u00ff{}",', rest: `/${bytes}`, clientAddress: null }),
    );
    writer.record(seen(instanceId, { userAgent: "\ud800", method: "X".repeat(9000), rest: "" }));
    await writer.close();
    expect(await sum("TrafficHour", instanceId)).toBe(2);
  });
});
