import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changingPrograms,
  type GraceFacts,
  graceEnds,
  isKnown,
  knownFromRequests,
  marksOf,
  shortestRatchetMs,
  type TokenMoments,
  tokenSince,
} from "./grace";
import type { Evidence } from "./preflight-evidence";
import { type Rhythm, rhythmOf } from "./rhythm";
import { hourMs, hourOf } from "./traffic";

const minuteMs = 60_000;
const dayMs = 24 * hourMs;
const start = Date.UTC(2026, 10, 24, 12);
const at = (ms: number) => new Date(start + ms);
const now = at(0);

const caller: GraceFacts = {
  instanceId: "i",
  others: false,
  address: "203.0.113.9",
  agent: "n8n",
  firstSeenAt: at(-9 * dayMs),
  lastSeenAt: at(-minuteMs),
  dismissedAt: null,
  leftOutAt: null,
  accepted: 500,
};

describe("who is known", () => {
  test("whoever was let in often enough, at an address", () => {
    expect(isKnown(caller)).toBe(true);
    expect(isKnown({ ...caller, accepted: knownFromRequests })).toBe(true);
    expect(isKnown({ ...caller, accepted: knownFromRequests - 1 })).toBe(false);
    expect(isKnown({ ...caller, address: null })).toBe(false);
    expect(isKnown({ ...caller, others: true })).toBe(false);
    expect(isKnown({ ...caller, leftOutAt: at(-dayMs) })).toBe(false);
    expect(isKnown({ ...caller, dismissedAt: caller.lastSeenAt })).toBe(false);
    expect(isKnown({ ...caller, dismissedAt: at(-dayMs) })).toBe(true);
  });

  test("those first heard lately and those let in seldom are marked", () => {
    expect(marksOf(caller, now)).toEqual({ lately: false, seldom: false });
    expect(marksOf({ ...caller, firstSeenAt: at(-23 * hourMs) }, now)).toEqual({
      lately: true,
      seldom: false,
    });
    expect(marksOf({ ...caller, accepted: 4 }, now)).toEqual({ lately: false, seldom: true });
  });
});

describe("programs whose addresses change", () => {
  const from = (address: string, more: Partial<GraceFacts> = {}): GraceFacts => ({
    ...caller,
    address,
    firstSeenAt: at(-30 * hourMs),
    lastSeenAt: at(-29 * hourMs),
    ...more,
  });
  const found = (callers: readonly GraceFacts[]) =>
    changingPrograms(callers, now).map(({ agent, addresses }) => [agent, addresses]);

  test("are those most of whose addresses came and went", () => {
    expect(found(["a", "b", "c", "d"].map((address) => from(address)))).toEqual([["n8n", 4]]);
    expect(found(["a", "b"].map((address) => from(address)))).toEqual([]);
  });

  test("are not those at several fixed addresses, however seldom they call", () => {
    const fixed = ["a", "b", "c", "d"].map((address) => from(address, { firstSeenAt: at(-9 * dayMs) }));
    expect(found(fixed)).toEqual([]);
    expect(found([...fixed, from("e"), from("f"), from("g")])).toEqual([]);
  });

  test("are told apart by instance and program; new addresses, gone callers and others say nothing", () => {
    expect(found([from("a"), from("b", { instanceId: "j" }), from("c", { agent: "curl" })])).toEqual([]);
    const young = { firstSeenAt: at(-minuteMs), lastSeenAt: now };
    expect(found(["a", "b", "c"].map((address) => from(address, young)))).toEqual([]);
    const gone = { dismissedAt: now };
    expect(found(["a", "b", "c"].map((address) => from(address, gone)))).toEqual([]);
    expect(found(["a", "b", "c"].map((address) => from(address, { others: true, address: null })))).toEqual(
      [],
    );
  });
});

const evidence: Evidence = { live: at(-30 * dayMs), current: at(-30 * dayMs), tokenless: at(-30 * dayMs) };

/** The rhythm of one that calls this often, from as long ago as it takes. */
function rhythmEvery(everyMs: number, times = 60): Rhythm {
  const calls = Array.from({ length: times }, (_, index) => start - index * everyMs);
  return rhythmOf({ hours: calls.map(hourOf), requests: calls.map(() => 1) });
}

/** What gates write down of a caller, call by call, as the one who looks at it sees it. */
class Seen {
  moments: TokenMoments = { liveAt: null, notLiveAt: null };
  since: Date | null = null;
  endedAt: number | null = null;

  constructor(readonly rhythm: Rhythm) {}

  call(ms: number, live: boolean): void {
    this.moments = { ...this.moments, [live ? "liveAt" : "notLiveAt"]: at(ms) };
  }

  look(ms: number): void {
    const since = tokenSince(this.moments, this.since, evidence);
    if (since?.getTime() === this.since?.getTime()) {
      if (graceEnds(this.moments, this.rhythm, evidence, this.since, at(ms))) this.endedAt ??= ms;
    }
    this.since = since;
  }
}

/** Plays calls in order, with a look every so often. */
function play(
  seen: Seen,
  calls: readonly (readonly [ms: number, live: boolean])[],
  lookEveryMs: number,
): Seen {
  const sorted = calls.toSorted(([one], [other]) => one - other);
  const last = sorted.at(-1)?.[0] ?? 0;
  let next = 0;
  for (let look = 0; look <= last + lookEveryMs; look += lookEveryMs) {
    for (let call = sorted[next]; call && call[0] <= look; call = sorted[++next]) seen.call(call[0], call[1]);
    seen.look(look);
  }
  return seen;
}

const turns = (everyMs: number, count: number, live: boolean, fromMs = 0) =>
  Array.from({ length: count }, (_, index) => [fromMs + index * everyMs, live] as const);

describe("the ratchet", () => {
  test("ends the grace of one that sends the token for a day and an hour, or for one turn with slack where that is longer", () => {
    const table: [everyMs: number, shortestMs: number, longestMs: number][] = [
      [5000, shortestRatchetMs, 25.1 * hourMs],
      [5 * minuteMs, shortestRatchetMs, 25.3 * hourMs],
      [hourMs, shortestRatchetMs, 28 * hourMs],
      [6 * hourMs, shortestRatchetMs, 37 * hourMs],
      [dayMs, 25 * hourMs, 3 * dayMs],
      [7 * dayMs, 7 * dayMs + hourMs, 15 * dayMs],
    ];
    for (const [everyMs, shortestMs, longestMs] of table) {
      const times = everyMs < minuteMs ? 5000 : everyMs < hourMs ? 100 : everyMs > dayMs ? 5 : 30;
      const seen = new Seen(rhythmEvery(everyMs, times));
      play(seen, turns(everyMs, Math.ceil(longestMs / everyMs) + 2, true), minuteMs);
      expect([everyMs, seen.endedAt]).toEqual([everyMs, expect.any(Number)]);
      expect(seen.endedAt).toBeGreaterThanOrEqual(shortestMs);
      expect(seen.endedAt).toBeLessThanOrEqual(longestMs);
    }
  });

  test("of one whose rhythm nobody knows ends after more than a day", () => {
    const seen = play(
      new Seen(rhythmOf({ hours: [], requests: [] })),
      turns(10 * minuteMs, 400, true),
      minuteMs,
    );
    expect(seen.endedAt).toBeGreaterThanOrEqual(25 * hourMs);
  });

  test("one call is never enough, however long ago it was", () => {
    const seen = new Seen(rhythmEvery(5000, 5000));
    seen.call(0, true);
    for (let ms = 0; ms < 30 * dayMs; ms += hourMs) seen.look(ms);
    expect(seen.endedAt).toBeNull();
  });

  test("a token that has ended counts for nothing", () => {
    const moments = { liveAt: at(26 * hourMs), notLiveAt: null };
    const later = { ...evidence, live: at(30 * minuteMs) };
    const rhythm = rhythmEvery(5000, 5000);
    expect(graceEnds(moments, rhythm, evidence, at(0), at(26 * hourMs))).toBe(true);
    expect(graceEnds(moments, rhythm, later, at(0), at(26 * hourMs))).toBe(false);
    expect(tokenSince(moments, at(0), later)).toEqual(at(26 * hourMs));
    expect(tokenSince(moments, at(0), { ...evidence, live: at(27 * hourMs) })).toBeNull();
  });

  test("a gate whose clock is ahead makes no time longer than it was", () => {
    const moments = { liveAt: at(26 * hourMs), notLiveAt: null };
    expect(graceEnds(moments, rhythmEvery(5000, 5000), evidence, at(0), at(24 * hourMs))).toBe(false);
  });

  test("never ends while another of its name behind its address calls without the token within each turn", () => {
    const everyMs = fc.constantFrom(5 * minuteMs, hourMs, 4 * hourMs);
    const jitter = fc.integer({ min: 0, max: 1000 });
    const scenario = fc.record({ everyMs, other: fc.double({ min: 0.2, max: 1.4, noNaN: true }), jitter });
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 5 }), ({ everyMs, other, jitter }, looks) => {
        const rhythm = rhythmEvery(everyMs, everyMs < hourMs ? 5000 : 100);
        const slowMs = Math.max(everyMs * other, 1000);
        const spanMs = 2 * Math.max(everyMs, shortestRatchetMs);
        const calls = [
          ...turns(everyMs, Math.ceil(spanMs / everyMs), true),
          ...turns(slowMs, Math.ceil(spanMs / slowMs) + 1, false, jitter),
        ];
        const seen = play(new Seen(rhythm), calls, looks * minuteMs);
        expect(seen.endedAt).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test("never ends while a nightly one of its name calls without the token, once a call of that was seen", () => {
    // Every half a minute with the token for weeks; the hours of what came without it are those of the nightly one.
    const nights = Array.from({ length: 20 }, (_, index) => start - index * dayMs);
    const rhythm = rhythmOf({ hours: nights.map(hourOf), requests: nights.map(() => 1) });
    const calls = [...turns(10 * minuteMs, 6 * 24 * 9, true), ...turns(dayMs, 9, false, 15 * hourMs)];
    expect(play(new Seen(rhythm), calls, 5 * minuteMs).endedAt).toBeNull();
  });

  test("never ends while a nightly one of its name calls without the token, though nobody has heard of it before", () => {
    const calls = [...turns(10 * minuteMs, 6 * 24 * 9, true), ...turns(dayMs, 9, false, 15 * hourMs)];
    expect(play(new Seen(rhythmEvery(5000, 5000)), calls, 5 * minuteMs).endedAt).toBeNull();
  });

  test("whenever it ends, the token had come at the beginning and at the end of the time, and nothing else between", () => {
    const isLive = fc.nat(20).map((number) => number > 0);
    const call = fc.tuple(fc.integer({ min: 0, max: 72 * 60 }), isLive);
    const rhythm = rhythmEvery(5000, 5000);
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (minutes, every) => {
        const calls = minutes.map(([minute, live]) => [minute * minuteMs, live] as const);
        const seen = play(new Seen(rhythm), calls, every * minuteMs);
        if (seen.endedAt === null) return;
        const heard = calls
          .filter(([ms]) => ms <= (seen.endedAt ?? 0))
          .toSorted(([one], [other]) => one - other);
        const lastWithout = Math.max(-1, ...heard.filter(([, live]) => !live).map(([ms]) => ms));
        const since = heard.filter(([ms, live]) => live && ms > lastWithout).map(([ms]) => ms);
        expect(Math.max(...since) - Math.min(...since)).toBeGreaterThanOrEqual(shortestRatchetMs);
      }),
      { numRuns: 300 },
    );
  });
});
