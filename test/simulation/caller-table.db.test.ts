import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { writeCallerStatistics } from "@/lib/db/caller-statistics";
import { pool } from "@/lib/db/pool";
import { forgetOldTraffic } from "@/lib/db/traffic";
import { callerLimits } from "@/lib/domain/caller";
import { hourMs } from "@/lib/domain/traffic";
import { CallerAggregator } from "@/lib/gate/observe/caller-aggregator";
import { makeInstance, makeObservedAccount, observedAccountId, seen } from "../support/gate";
import { CallerTable, rowKey } from "./caller-table";

beforeAll(makeObservedAccount);

const beginning = Date.UTC(2026, 10, 2);

/** What two gates see, a batch each time that one of them writes. */
const batches = fc.array(
  fc.record({
    /** The first gate keeps fewer callers apart, so it has others of its own. */
    gate: fc.integer({ min: 0, max: 1 }),
    events: fc.array(
      fc.record({
        clientAddress: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", null),
        userAgent: fc.constantFrom("curl/8.5.0", "n8n", null),
        outcome: fc.constantFrom("accepted", "missing", "instance_paused"),
        token: fc.constantFrom("current", "retiring", "missing", "unknown", null),
        /** Of two sights at the same moment either may count. */
        at: fc.noBias(fc.integer({ min: 0, max: 40 * 24 * hourMs })).map((ms) => beginning + ms),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  } as const),
  { minLength: 1, maxLength: 8 },
);

/** Rows that fill an instance up but for three. */
async function fill(instanceId: string, table: CallerTable, at: number): Promise<void> {
  const aggregator = new CallerAggregator();
  for (let nth = 0; nth < callerLimits.perInstance - 3; nth++) {
    aggregator.record(seen(instanceId, { clientAddress: `10.9.${nth >> 8}.${nth & 255}`, at }));
  }
  const statistics = aggregator.drain();
  table.write(statistics);
  await writeCallerStatistics(statistics);
}

async function stored(instanceId: string) {
  const { rows } = await pool().query(
    `SELECT c."others", c."address", c."agent", c."lastToken",
            ${[
              "firstSeenAt",
              "lastSeenAt",
              "acceptedAt",
              "liveAt",
              "notLiveAt",
              "liveSinceAt",
              "relapsedFrom",
              "relapsedAt",
            ]
              .map((column) => `(extract(epoch FROM c."${column}") * 1000)::float8 AS "${column}"`)
              .join(", ")},
            (SELECT coalesce(json_agg(json_build_array(h."hour", json_build_object(
                      'requests', h."requests", 'accepted', h."accepted", 'tokenless', h."tokenless"))
                    ORDER BY h."hour"), '[]') FROM (
               SELECT (extract(epoch FROM "hour") * 1000)::float8 AS "hour", sum("requests")::int AS "requests",
                      coalesce(sum("requests") FILTER (WHERE "outcome" = 'accepted'), 0)::int AS "accepted",
                      coalesce(sum("requests") FILTER (
                        WHERE "token" NOT IN ('none', 'current', 'retiring')), 0)::int AS "tokenless"
                 FROM "CallerHour" WHERE "callerId" = c."id" GROUP BY 1) h) AS "hours"
       FROM "Caller" c WHERE c."instanceId" = $1`,
    [instanceId],
  );
  return new Map(
    rows.map(({ hours, ...row }) => [
      row.others ? instanceId : rowKey(instanceId, row.address, row.agent),
      { ...row, hours },
    ]),
  );
}

function remembered(table: CallerTable) {
  return new Map(
    [...table.rows].map(([key, { accountId: _, instanceId: __, ...row }]) => {
      const hours = [...(table.hours.get(key) ?? [])].sort(([one], [other]) => one - other);
      return [key, { ...row, hours }];
    }),
  );
}

/** Writes the same to both, and compares; then forgets the same, and compares again. */
function bothAgree(isFull: boolean, numRuns: number): Promise<void> {
  const days = fc.integer({ min: 25, max: 75 });
  const armedDay = fc.option(fc.integer({ min: 0, max: 40 }));
  const property = fc.asyncProperty(batches, days, armedDay, async (written, day, armed) => {
    const instanceId = await makeInstance();
    const table = new CallerTable(callerLimits.perInstance, callerLimits.perAccount);
    if (isFull) await fill(instanceId, table, beginning + 35 * 24 * hourMs);
    const few = {
      callersPerInstance: 2,
      callersPerAccount: 2,
      counters: 9,
      otherCounters: 50,
      endpoints: 50,
    };
    const gates = [new CallerAggregator(few), new CallerAggregator()];
    for (const { gate, events } of written) {
      const aggregator = gates[gate];
      for (const event of events) aggregator?.record(seen(instanceId, event));
      const batch = aggregator?.drain() ?? [];
      table.write(batch);
      await writeCallerStatistics(batch);
    }
    expect(remembered(table)).toEqual(await stored(instanceId));
    const now = beginning + day * 24 * hourMs;
    const armedAt = armed === null ? null : beginning + armed * 24 * hourMs;
    await pool().query(`UPDATE "Account" SET "armedAt" = to_timestamp($2::float8 / 1000) WHERE "id" = $1`, [
      observedAccountId,
      armedAt,
    ]);
    table.forget(now, 30, armedAt);
    await forgetOldTraffic(new Date(now));
    // Where an instance is full, PostgreSQL makes room, too.
    if (!isFull) expect(remembered(table)).toEqual(await stored(instanceId));
    await pool().query(`DELETE FROM "Instance" WHERE "accountId" = $1`, [observedAccountId]);
  });
  return fc.assert(property, { numRuns });
}

describe("the table of callers in memory comes to the same rows as PostgreSQL", () => {
  test("whatever is written and forgotten", () => bothAgree(false, 40));
  test("whatever is written where no more callers fit in", () => bothAgree(true, 3));
});
