import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backOffMs, type Pace, pace } from "./pace";

describe("the pace at which a page reads itself anew", () => {
  let readings: number[];
  let told: boolean[];
  let good: boolean;
  let readingTakesMs: number;
  let restMs: number;
  let paced: Pace;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    [readings, told, good, readingTakesMs, restMs] = [[], [], true, 0, 400];
    paced = pace({
      read: async () => {
        readings.push(Date.now());
        if (readingTakesMs > 0) await new Promise((resolve) => setTimeout(resolve, readingTakesMs));
        return good ? restMs : null;
      },
      reached: (reached) => told.push(reached),
    });
  });

  afterEach(() => {
    paced.stop();
    vi.useRealTimers();
  });

  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  test("what happens is read within 50 ms, also long after the last reading", async () => {
    paced.happened();
    await pass(50);
    expect(readings).toHaveLength(1);
    await pass(60_000);
    paced.happened();
    await pass(50);
    expect(readings).toHaveLength(2);
  });

  test.each([400, 3000])(
    "under a stream of events it reads no sooner than allowed, %i ms, and the last event too",
    async (ms) => {
      restMs = ms;
      for (let at = 0; at < 10_000; at += 10) {
        paced.happened();
        await pass(10);
      }
      const lastEvent = 9_990;
      await pass(5000);
      const pauses = readings.slice(1).map((at, index) => at - (readings[index] ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(ms);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(ms + 50);
      expect(readings.at(-1)).toBeGreaterThan(lastEvent);
    },
  );

  test("what happens during a reading is read after it, never beside it", async () => {
    readingTakesMs = 3000;
    paced.happened();
    await pass(100);
    for (let n = 0; n < 5; n++) paced.happened();
    await pass(2800);
    expect(readings).toHaveLength(1);
    await pass(1000);
    expect(readings).toHaveLength(2);
    await pass(60_000);
    expect(readings, "nothing more happened").toHaveLength(2);
  });

  test("while nobody answers it reads more and more seldom, and by itself once there is an answer", async () => {
    good = false;
    paced.happened();
    await pass(30_000);
    expect(new Set(told)).toEqual(new Set([false]));
    const pauses = readings.slice(1).map((at, index) => at - (readings[index] ?? 0));
    expect(pauses.slice(0, backOffMs.length)).toEqual(backOffMs);
    expect(Math.max(...pauses)).toBe(backOffMs.at(-1));
    const before = readings.length;
    good = true;
    await pass(60_000);
    expect(readings).toHaveLength(before + 1);
    expect(told.at(-1)).toBe(true);
  });

  test("events bring no more readings while nobody answers; word that it may be back does, at once", async () => {
    good = false;
    paced.happened();
    await pass(10_000);
    const before = readings.length;
    for (let n = 0; n < 50; n++) paced.happened();
    await pass(100);
    expect(readings).toHaveLength(before);
    good = true;
    paced.retry();
    await pass(50);
    expect(readings).toHaveLength(before + 1);
  });

  test("once stopped nothing is read or told, even when an answer was under way", async () => {
    readingTakesMs = 3000;
    paced.happened();
    await pass(100);
    paced.stop();
    await pass(60_000);
    paced.happened();
    paced.retry();
    await pass(60_000);
    expect([readings.length, told]).toEqual([1, []]);
  });
});
