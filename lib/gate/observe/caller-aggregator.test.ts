import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryEvent, fewLimits as limits, testEvent } from "@/test/support/gate";
import { aggregationLimits, CallerAggregator } from "./caller-aggregator";

describe("statistics in memory", () => {
  it("stay within their limits, whenever they are drained, and say how many requests found no room", () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryEvent, { maxLength: 400 }),
        fc.nat(400),
        fc.nat(20),
        (all, half, most) => {
          const aggregator = new CallerAggregator({ ...limits, otherCounters: 3 });
          for (const one of all.slice(0, half)) aggregator.record(one);
          const before = [...aggregator];
          const drained = aggregator.drain(most);
          expect(drained, "those first that began first").toEqual(before.slice(0, most));
          expect([...aggregator]).toEqual(before.slice(most));
          for (const one of all.slice(half)) aggregator.record(one);
          const held = [...aggregator];
          expect(held).toHaveLength(aggregator.callers);
          const counted = [...drained, ...held]
            .flatMap(({ counts }) => counts)
            .reduce((sum, { requests }) => sum + requests, 0);
          expect(counted + aggregator.takeLost()).toBe(all.length);
          expect(aggregator.takeLost()).toBe(0);
          expect(held.flatMap(({ counts }) => counts)).toHaveLength(aggregator.size);
          for (const some of [drained, held]) {
            expect(some.flatMap(({ counts }) => counts).length).toBeLessThanOrEqual(limits.counters + 3);
            const own = some.filter(({ others }) => !others);
            for (const account of ["one", "two"]) {
              expect(own.filter(({ accountId }) => accountId === account).length).toBeLessThanOrEqual(6);
            }
            for (const instance of new Set(own.map(({ instanceId }) => instanceId))) {
              expect(own.filter(({ instanceId }) => instanceId === instance).length).toBeLessThanOrEqual(4);
            }
          }
          aggregator.drain();
          expect([aggregator.size, aggregator.callers]).toEqual([0, 0]);
        },
      ),
    );
  });

  it("tell callers apart by instance, address and program, however many versions and callers are mixed", () => {
    const one = fc.record({
      instanceId: fc.constantFrom("A", "AA", "B"),
      clientAddress: fc.constantFrom("10.0.0.1", "10.0.1.1", "1", null),
      userAgent: fc.constantFrom(
        "curl/8",
        "curl/9",
        "n8n",
        "",
        null,
        "x".repeat(3000),
        `curl/${"9".repeat(3000)}`,
      ),
    });
    const programs = { n: "n8n", c: "curl", x: "x".repeat(40) } as const;
    fc.assert(
      fc.property(fc.array(one, { maxLength: 100 }), (all) => {
        const expected = new Map<string, number>();
        const aggregator = new CallerAggregator();
        for (const each of all) {
          aggregator.record(testEvent(each));
          const program = programs[(each.userAgent?.[0] ?? "") as keyof typeof programs] ?? "";
          const key = JSON.stringify([each.instanceId, each.clientAddress, program]);
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        const found = aggregator
          .drain()
          .map(({ instanceId, address, agent, counts }) => [
            JSON.stringify([instanceId, address, agent]),
            counts.reduce((sum, { requests }) => sum + requests, 0),
          ]);
        expect(found, "those first that came first").toEqual([...expected]);
      }),
    );
  });

  it("keep times and hours as they were, also of a clock set forward or back", () => {
    const start = Date.UTC(2026, 10, 24, 12, 30);
    const hour = 3_600_000;
    const noon = start - 30 * 60_000;
    for (const far of [-90 * 24 * hour, -5 * hour, 1, hour, 90 * 24 * hour]) {
      const aggregator = new CallerAggregator();
      aggregator.record(testEvent({ at: start }));
      aggregator.record(testEvent({ at: start + far, outcome: "missing" }));
      const [{ firstAt, last, rejectedAt, counts } = expect.fail("nothing is held")] = aggregator.drain();
      expect({ firstAt, lastAt: last.lastAt, rejectedAt, hours: counts.map((count) => count.hour) }).toEqual({
        firstAt: Math.min(start, start + far),
        lastAt: Math.max(start, start + far),
        rejectedAt: start + far,
        hours: [noon, start + far - ((start + far) % hour)],
      });
    }
  });

  it("remember 32 endpoints of a caller, without whom they are about, and that there were more", () => {
    const aggregator = new CallerAggregator();
    for (let n = 0; n < 1000; n++) {
      aggregator.record(testEvent({ method: "POST", rest: `/chats/${n}/messages`, at: n }));
      aggregator.record(
        testEvent({ method: "GET", rest: "/qr", outcome: "endpoint", token: "current", at: n }),
      );
      aggregator.record(testEvent({ rest: "/x", about: "/message/sendText/{instance}", at: n }));
      aggregator.record(testEvent({ rest: "/y", asksForAnother: true, at: n }));
      // Stopped before its endpoint mattered.
      aggregator.record(testEvent({ rest: "/z", outcome: "missing", at: n }));
    }
    const [caller = expect.fail("nothing is held")] = aggregator;
    expect(caller.endpoints.map((each) => ({ ...each }))).toEqual([
      { method: "POST", path: "/chats/{}/messages", accepted: 1000, rejected: 0, lastAt: 999 },
      { method: "GET", path: "/qr", accepted: 0, rejected: 1000, lastAt: 999 },
      { method: "POST", path: "/message/sendText/{instance}", accepted: 1000, rejected: 0, lastAt: 999 },
      { method: "POST", path: "?", accepted: 1000, rejected: 0, lastAt: 999 },
    ]);
    expect(caller.moreEndpointsAt).toBeNull();
    const words = ["send", "read", "list", "edit", "drop", "find"];
    for (const [at, one] of words.entries())
      for (const two of words) aggregator.record(testEvent({ rest: `/${one}/${two}`, at: 2000 + at }));
    expect(caller.endpoints).toHaveLength(32);
    expect(caller.moreEndpointsAt).toBe(2005);
  });

  it("hold no more endpoints of all callers than their limit, and say of whom there were more", () => {
    const aggregator = new CallerAggregator({ ...aggregationLimits, endpoints: 10 });
    for (let n = 0; n < 20; n++) aggregator.record(testEvent({ clientAddress: `10.0.0.${n}` }));
    const held = [...aggregator];
    expect(held.flatMap(({ endpoints }) => endpoints)).toHaveLength(10);
    expect(held.filter(({ moreEndpointsAt }) => moreEndpointsAt !== null)).toHaveLength(10);
    aggregator.drain();
    aggregator.record(testEvent());
    expect([...aggregator].flatMap(({ endpoints }) => endpoints)).toHaveLength(1);
  });

  it("hold little when 100,000 different callers come to one account", () => {
    const aggregator = new CallerAggregator();
    for (let n = 0; n < 100_000; n++) {
      const clientAddress = `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
      aggregator.record(testEvent({ clientAddress, userAgent: `p${n % 977}` }));
    }
    expect(aggregator.size).toBeLessThanOrEqual(501);
    const counts = [...aggregator].flatMap(({ counts }) => counts);
    expect(counts.reduce((sum, { requests }) => sum + requests, 0)).toBe(100_000);
  });
});
