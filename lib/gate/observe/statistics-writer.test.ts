import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { CallerStatistics } from "@/lib/db/caller-statistics";
import { arbitraryEvent, fewLimits as limits, testEvent } from "@/test/support/gate";
import { aggregationLimits } from "./caller-aggregator";
import type { CallerEvent } from "./caller-event";
import { StatisticsWriter, type StatisticsWriterOptions } from "./statistics-writer";

const hour = 3_600_000;

type Step = { readonly record: CallerEvent } | { readonly flush: "works" | "fails" };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: arbitraryEvent.map((record) => ({ record })) },
    { weight: 1, arbitrary: fc.constantFrom({ flush: "works" } as const, { flush: "fails" } as const) },
  ),
  { maxLength: 200 },
);

type Totals = Record<string, number>;
const add = (totals: Totals, key: string, requests: number) => {
  totals[key] = (totals[key] ?? 0) + requests;
};

function addBatch(totals: Totals, batch: readonly CallerStatistics[]): void {
  for (const { instanceId, counts } of batch) {
    for (const count of counts) add(totals, `${instanceId} ${count.hour} ${count.outcome}`, count.requests);
  }
}

/** A writer that writes by hand only. */
const byHand = (write: StatisticsWriterOptions["write"], more: Partial<StatisticsWriterOptions> = {}) =>
  new StatisticsWriter({ write, limits, batchSize: 3, intervalMs: 1_000_000, ...more });

describe("a writer of statistics", () => {
  it("loses and invents nothing, however recording, writing and failing are mixed", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (todo) => {
        const recorded: Totals = {};
        const written: Totals = {};
        let outcome: "works" | "fails" = "works";
        const writer = byHand(
          async (batch) => {
            const mine = outcome;
            await Promise.resolve();
            if (mine === "fails") throw new Error("gone");
            addBatch(written, batch);
          },
          { limits: { ...limits, otherCounters: 10_000 } },
        );
        const flushes: Promise<void>[] = [];
        for (const step of todo) {
          if ("record" in step) {
            const { instanceId, at, outcome: end } = step.record;
            add(recorded, `${instanceId} ${at - (at % hour)} ${end}`, 1);
            writer.record(step.record);
          } else {
            outcome = step.flush;
            flushes.push(writer.flush());
          }
        }
        await Promise.all(flushes);
        outcome = "works";
        await writer.close();
        expect(written).toEqual(recorded);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps a caller's newest end, and the path that met with it", async () => {
    const batches: (readonly CallerStatistics[])[] = [];
    const writer = byHand(async (batch) => void batches.push(batch));
    const at = testEvent().at;
    writer.record(testEvent({ token: "retiring", rest: "/first" }));
    writer.record(testEvent({ outcome: "missing", rest: "/phones/5511999998888", at: at + 5 }));
    await writer.close();
    expect(batches).toHaveLength(1);
    expect(batches[0]).toMatchObject([
      {
        agent: "curl",
        userAgent: "curl/8.5.0",
        firstAt: at,
        last: { lastAt: at + 5, path: "/phones/{id}", outcome: "missing", token: "missing" },
        acceptedAt: at,
        rejectedAt: at + 5,
        liveAt: at,
        notLiveAt: at + 5,
      },
    ]);
  });

  it("drops a batch that the database would never take, and goes on", async () => {
    let attempts = 0;
    const writer = byHand(
      async () => {
        attempts++;
        throw new Error("never");
      },
      { isHopeless: () => true },
    );
    writer.record(testEvent());
    await writer.flush();
    await writer.flush();
    expect(attempts).toBe(1);
    writer.record(testEvent());
    await writer.close();
    expect(attempts).toBe(2);
  });

  it("writes by itself, and waits longer while that fails", async () => {
    let attempts = 0;
    const writer = new StatisticsWriter({
      write: async () => {
        attempts++;
        throw new Error("gone");
      },
      intervalMs: 5,
      longestPauseMs: 40,
    });
    writer.record(testEvent());
    await new Promise((resolve) => setTimeout(resolve, 300));
    await writer.close();
    // 5 + 10 + 20 + 40 + 40 …, and three more on closing.
    expect(attempts).toBeGreaterThan(2);
    expect(attempts).toBeLessThanOrEqual(14);
  });

  it("writes no more callers at once than one batch, those first that have waited longest", async () => {
    const batches: string[][] = [];
    const writer = byHand(async (batch) => void batches.push(batch.map(({ address }) => String(address))));
    const call = (clientAddress: string, accountId: string) =>
      writer.record(testEvent({ clientAddress, accountId, instanceId: clientAddress }));
    for (const address of ["1", "2", "3", "4"]) call(address, "one");
    for (const address of ["5", "1", "2"]) call(address, "two");
    await writer.flush();
    expect(batches).toEqual([
      ["1", "2", "3"],
      ["4", "5"],
    ]);
    await writer.close();
  });

  it("counts on those who wait for a later batch, as one row each", async () => {
    const batches: [address: string | null, requests: number][][] = [];
    const writer = byHand(async (batch) => {
      batches.push(
        batch.map(({ address, counts }) => [
          address,
          counts.reduce((sum, { requests }) => sum + requests, 0),
        ]),
      );
      if (batches.length === 1)
        for (const clientAddress of ["1", "4"]) writer.record(testEvent({ clientAddress }));
    });
    for (const clientAddress of ["1", "2", "3", "4"]) writer.record(testEvent({ clientAddress }));
    await writer.flush();
    await writer.close();
    expect(batches).toEqual([
      [
        ["1", 1],
        ["2", 1],
        ["3", 1],
      ],
      [
        ["4", 2],
        ["1", 1],
      ],
    ]);
  });

  it.each([
    { batches: "full ones", batchSize: 1, seconds: [0, 8, 16] },
    { batches: "others", batchSize: 2, seconds: [0, 3, 6, 9, 12, 15] },
  ])("after $batches lets the database rest three times as long as it took, or a second", async (given) => {
    vi.useFakeTimers();
    try {
      const starts: number[] = [];
      const writer = new StatisticsWriter({
        batchSize: given.batchSize,
        write: () => {
          starts.push(performance.now());
          return new Promise((resolve) => setTimeout(resolve, 2000));
        },
      });
      for (let second = 0; second < 18; second++) {
        writer.record(testEvent());
        await vi.advanceTimersByTimeAsync(1000);
      }
      expect(starts.map((at) => Math.round((at - (starts[0] ?? 0)) / 1000))).toEqual(given.seconds);
    } finally {
      vi.useRealTimers();
    }
  });

  it("writes at once after a pause, and what comes while it rests together", async () => {
    vi.useFakeTimers();
    try {
      const starts: number[] = [];
      const writer = new StatisticsWriter({
        intervalMs: 300,
        write: async () => void starts.push(performance.now()),
      });
      await vi.advanceTimersByTimeAsync(1000);
      const begun = performance.now();
      for (let n = 0; n < 100; n++) {
        writer.record(testEvent());
        await vi.advanceTimersByTimeAsync(9);
      }
      const [first, second, third] = starts.map((at) => at - begun);
      expect(starts).toHaveLength(3);
      expect(first).toBeLessThan(100);
      expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(300);
      expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(300);
      await vi.advanceTimersByTimeAsync(1000);
      expect(starts).toHaveLength(4);
      expect(vi.getTimerCount(), "nobody calls: nothing is waiting").toBe(0);
      await writer.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it("tries smaller batches with a database that fails, and larger ones again when it does not", async () => {
    const sizes: number[] = [];
    let works = false;
    const writer = byHand(
      async (batch) => {
        sizes.push(batch.length);
        if (!works) throw new Error("too slow");
      },
      { limits: aggregationLimits, batchSize: 400 },
    );
    for (let n = 0; n < 1000; n++) {
      writer.record(testEvent({ instanceId: `i${n}`, accountId: `a${n}` }));
    }
    for (let failure = 0; failure < 4; failure++) await writer.flush();
    works = true;
    await writer.flush();
    expect(sizes).toEqual([400, 200, 100, 100, 100, 200, 400, 300]);
    await writer.close();
  });
});
