import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryObservation, fewLimits as limits, testObservation } from "@/test/support/gate";
import type { Observation } from "./observation";
import { Sums } from "./sums";

describe("sums", () => {
  it("stay within their limits, whenever some are taken, and say how many requests found no room", () => {
    fc.assert(
      fc.property(fc.array(arbitraryObservation, { maxLength: 400 }), fc.nat({ max: 400 }), (all, half) => {
        const sums = new Sums({ ...limits, otherCounters: 3 });
        const record = (one: Observation) =>
          sums.record(one, { product: String(one.userAgent).slice(0, 5), userAgent: "" });
        for (const one of all.slice(0, half)) record(one);
        const oldest = [...sums].slice(0, 5);
        const taken = sums.take(5);
        expect(taken).toEqual(oldest);
        for (const one of all.slice(half)) record(one);

        const held = [...sums];
        expect(held).toHaveLength(sums.callers);
        const own = held.filter(({ others }) => !others);
        const counted = [...taken, ...held]
          .flatMap(({ counts }) => counts)
          .reduce((sum, { requests }) => sum + requests, 0);
        expect(counted + sums.takeLost()).toBe(all.length);
        expect(sums.takeLost()).toBe(0);
        expect(sums.size).toBeLessThanOrEqual(limits.counters + 3);
        expect(held.flatMap(({ counts }) => counts)).toHaveLength(sums.size);
        for (const account of ["one", "two"]) {
          expect(own.filter(({ accountId }) => accountId === account).length).toBeLessThanOrEqual(6);
        }
        for (const instance of new Set(own.map(({ instanceId }) => instanceId))) {
          expect(own.filter(({ instanceId }) => instanceId === instance).length).toBeLessThanOrEqual(4);
        }
        sums.take(sums.callers);
        expect(sums.size).toBe(0);
      }),
    );
  });

  it("keep times and hours as they were, also of a clock set forward; one set back for long counts as a day", () => {
    const start = Date.UTC(2026, 10, 24, 12, 30);
    const hour = 3_600_000;
    const agent = { product: "curl", userAgent: "" };
    const timesOf = (at: number) => {
      const sums = new Sums();
      sums.record(testObservation({ at: start }), agent);
      sums.record(testObservation({ at, outcome: "missing" }), agent);
      const [{ firstAt, lastAt, rejectedAt, counts } = expect.fail("nothing is held")] = sums.take(1);
      return { firstAt, lastAt, rejectedAt, hours: counts.map((count) => count.hour) };
    };
    const noon = start - 30 * 60_000;
    for (const far of [-5 * hour, 1, hour, 90 * 24 * hour]) {
      expect(timesOf(start + far)).toEqual({
        firstAt: Math.min(start, start + far),
        lastAt: Math.max(start, start + far),
        rejectedAt: start + far,
        hours: [noon, start + far - ((start + far) % hour)],
      });
    }
    expect(timesOf(start - 90 * 24 * hour).hours).toEqual([noon, noon - 23 * hour]);
  });

  it("tell when a caller last came without the token after it had come with it, also when batches were put back", () => {
    const start = Date.UTC(2026, 10, 24, 12, 30);
    const agent = { product: "curl", userAgent: "" };
    const recorded = (tokens: readonly boolean[], from: number) => {
      const sums = new Sums();
      for (const [n, live] of tokens.entries()) {
        sums.record(testObservation({ at: start + from + n, token: live ? "current" : "missing" }), agent);
      }
      return sums;
    };
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2 }), fc.nat(), (tokens, split) => {
        const at = tokens.findLastIndex((live, n) => !live && tokens.slice(0, n).includes(true));
        const from = tokens.slice(0, Math.max(at, 0)).lastIndexOf(true);
        const expected = at < 0 ? [0, 0] : [start + at, start + from];
        const half = split % tokens.length;
        const later = recorded(tokens.slice(half), half);
        for (const batch of recorded(tokens.slice(0, half), 0).take(1)) later.absorb(batch);
        for (const sums of [recorded(tokens, 0), later]) {
          expect([...sums].map((one) => [one.relapsedAt, one.relapsedFrom])).toEqual([expected]);
        }
      }),
    );
  });

  it("hold little when a million different callers come to one account", () => {
    const sums = new Sums();
    for (let n = 0; n < 1_000_000; n++) {
      const address = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
      sums.record(testObservation({ clientAddress: address }), { product: `p${n % 977}`, userAgent: "" });
    }
    expect(sums.size).toBeLessThanOrEqual(501);
    const counts = [...sums].flatMap(({ counts }) => counts);
    expect(counts.reduce((sum, { requests }) => sum + requests, 0)).toBe(1_000_000);
  }, 30_000);
});
