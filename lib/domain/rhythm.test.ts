import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { expectationOf, type HeardHours, type RhythmKind, rhythmOf } from "./rhythm";
import { hourMs } from "./traffic";

const minute = 60_000;
const day = 24 * hourMs;
/** A Monday. */
const monday = Date.parse("2026-11-02T00:00:00Z");

/** Stored hours of these calls, each a moment or a moment with so many requests. */
function stored(calls: readonly number[], requests = 1): HeardHours {
  const sums = new Map<number, number>();
  for (const at of calls) {
    const hour = at - (at % hourMs);
    sums.set(hour, (sums.get(hour) ?? 0) + requests);
  }
  return { hours: [...sums.keys()], requests: [...sums.values()] };
}

/** Moments every so often from a beginning, each off by up to a part of the way. */
function every(ms: number, from: number, until: number, jitter = 0, seed = 1): number[] {
  let state = seed;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const calls: number[] = [];
  for (let at = from; at < until; at += ms) calls.push(Math.round(at + (next() - 0.5) * 2 * jitter * ms));
  return calls.sort((one, other) => one - other);
}

const isWeekday = (at: number) => ((((at - monday) / day) % 7) + 7) % 7 < 5;
const isOpen = (at: number) => at % day >= 9 * hourMs && at % day < 18 * hourMs;

/** Ways to call that people know, with how long a rhythm of it takes to be known at all. */
const ways: Readonly<Record<string, (from: number, until: number, seed: number) => number[]>> = {
  "every five minutes": (from, until, seed) => every(5 * minute, from, until, 0.2, seed),
  hourly: (from, until, seed) => every(hourMs, from, until, 0.1, seed),
  "every 90 minutes": (from, until, seed) => every(90 * minute, from, until, 0.1, seed),
  "every two hours": (from, until, seed) => every(2 * hourMs, from, until, 0.1, seed),
  "every six hours": (from, until, seed) => every(6 * hourMs, from, until, 0.1, seed),
  "twelve at the full hour": (from, until, seed) =>
    every(hourMs, from - (from % hourMs) + hourMs, until, 0.01, seed).flatMap((at) => Array(12).fill(at)),
  nightly: (from, until, seed) => every(day, from, until, 0.02, seed),
  "nightly, three hours long": (from, until, seed) =>
    every(day, from, until, 0.01, seed).flatMap((at) => [at, at + 90 * minute, at + 170 * minute]),
  "nightly before a working day": (from, until, seed) =>
    every(day, monday - 7 * day + 3 * hourMs, until, 0.02, seed).filter((at) => at >= from && isWeekday(at)),
  "while the shop is open": (from, until, seed) =>
    every(5 * minute, from, until, 0.2, seed).filter((at) => isOpen(at)),
  "while the office is open": (from, until, seed) =>
    every(7 * minute, from, until, 0.2, seed).filter((at) => isOpen(at) && isWeekday(at)),
  "around the clock on working days": (from, until, seed) =>
    every(20 * minute, from, until, 0.2, seed).filter((at) => isWeekday(at)),
  weekly: (from, until, seed) => every(7 * day, from, until, 0.002, seed),
  "weekly, six hours long": (from, until, seed) =>
    every(7 * day, from, until, 0.002, seed).flatMap((at) => every(10 * minute, at, at + 6 * hourMs)),
};

const way = fc.constantFrom(...Object.keys(ways));
const seeds = fc.integer({ min: 1, max: 1_000_000 });

/** Calls of one way for some days, and the next one. */
const following = fc
  .record({
    name: way,
    seed: seeds,
    begin: fc.integer({ min: 0, max: 7 * 24 * 60 - 1 }),
    hours: fc.integer({ min: 1, max: 29 * 24 }),
  })
  .map(({ name, seed, begin, hours }) => {
    const from = monday + begin * minute;
    const until = from + hours * hourMs;
    const calls = (ways[name] ?? (() => []))(from, until + 9 * day, seed);
    const heard = calls.filter((at) => at < until);
    return { name, heard, next: calls.find((at) => at >= until) ?? until };
  })
  .filter(({ heard }) => heard.length > 0);

const evidence: fc.Arbitrary<HeardHours> = fc
  .array(
    fc.record({ hour: fc.integer({ min: 0, max: 40 * 24 }), requests: fc.integer({ min: 0, max: 9000 }) }),
  )
  .map((heard) => ({
    hours: heard.map(({ hour }) => monday + hour * hourMs),
    requests: heard.map(({ requests }) => requests),
  }));

const newest = ({ hours }: HeardHours) => new Date(Math.max(monday, ...hours) + hourMs - 1);
const later = (at: Date, ms: number) => new Date(at.getTime() + ms);
const silences = fc.integer({ min: 0, max: 60 * day });

describe("a rhythm", () => {
  const until = monday + 21 * day;
  const kindOf = (heard: HeardHours): RhythmKind => rhythmOf(heard).kind;

  test.each<[string, RhythmKind]>([
    ["every five minutes", "minutes"],
    ["hourly", "hourly"],
    ["every 90 minutes", "minutes"],
    ["every two hours", "hours"],
    ["every six hours", "hours"],
    ["nightly", "daily"],
    ["nightly, three hours long", "daily"],
    ["nightly before a working day", "days"],
    ["while the shop is open", "daily"],
    ["while the office is open", "days"],
    ["weekly", "weekly"],
    ["weekly, six hours long", "weekly"],
  ])("%s is heard as %s, whatever the jitter", (name, kind) => {
    for (let seed = 1; seed < 40; seed++) {
      const heard = stored((ways[name] ?? (() => []))(monday + 3 * hourMs, until, seed));
      expect(kindOf(heard), `seed ${seed}`).toBe(kind);
    }
  });

  it("says how often", () => {
    const often = (ms: number, requests = 1) =>
      rhythmOf(stored(every(ms, monday, monday + 2 * day, 0.1), requests)).everyMs / minute;
    expect(often(5 * minute)).toBe(5);
    expect(Math.round(often(20 * minute))).toBe(20);
    expect(Math.round(often(hourMs))).toBe(60);
    expect(often(3 * hourMs)).toBe(180);
    const seconds = rhythmOf(stored(every(minute, monday, monday + 2 * day), 12));
    expect(seconds).toMatchObject({ kind: "seconds", everyMs: 5000 });
  });

  it("is heard although a server was down for a night, or somebody tried it by hand", () => {
    const around = every(5 * minute, monday, until).filter(
      (at) => at < monday + 5 * day || at > monday + 5 * day + 8 * hourMs,
    );
    expect(kindOf(stored(around))).toBe("minutes");
    const nightly = every(day, monday + 3 * hourMs, until, 0.02);
    expect(kindOf(stored([...nightly, monday + 9 * day + 14 * hourMs]))).toBe("daily");
    expect(kindOf(stored(nightly.filter((_, index) => index !== 7)))).toBe("daily");
  });

  it("is heard across the day on which clocks change", () => {
    const change = monday + 10 * day;
    const nightly = every(day, monday + 3 * hourMs, until).map((at) => (at < change ? at : at + hourMs));
    expect(kindOf(stored(nightly))).toBe("daily");
    expect(kindOf(stored(nightly.filter(isWeekday)))).toBe("days");
  });

  it("is never claimed from too little", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 * 24 }), { maxLength: 2 }), (hours) => {
        const heard = { hours: hours.map((hour) => monday + hour * hourMs), requests: hours.map(() => 900) };
        expect(["unknown", "rarely"]).toContain(kindOf(heard));
        expect(expectationOf(rhythmOf(heard), newest(heard), later(newest(heard), 50 * day))).toMatchObject({
          expectedBy: null,
          overdue: false,
        });
      }),
    );
    fc.assert(
      fc.property(evidence, (heard) => {
        const { kind, from } = rhythmOf(heard);
        const hours = new Set(heard.hours).size;
        if (hours < 4) expect(["unknown", "rarely", "weekly"]).toContain(kind);
        // Its days begin with its hours: one that calls across midnight may call twice on one day of the calendar.
        const days = new Set(heard.hours.map((at) => Math.floor((at - from) / day))).size;
        if (kind === "daily" || kind === "days") expect(days).toBeGreaterThanOrEqual(4);
        if (kind === "weekly") expect(days).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 600 },
    );
    expect(kindOf({ hours: [], requests: [] })).toBe("unknown");
    expect(kindOf(stored([monday, monday + 9 * day]))).toBe("rarely");
  });

  it("is the same for the same hours in any order, and for hours that stand there twice", () => {
    fc.assert(
      fc.property(evidence, seeds, (heard, seed) => {
        const order = heard.hours
          .map((_, index) => index)
          .sort((a, b) => ((a * seed) % 101) - ((b * seed) % 101));
        const shuffled = {
          hours: order.map((index) => heard.hours[index] ?? 0),
          requests: order.map((index) => heard.requests[index] ?? 0),
        };
        expect(rhythmOf(shuffled)).toEqual(rhythmOf(heard));
        const halves = {
          hours: [...heard.hours, ...heard.hours],
          requests: [...heard.requests, ...heard.requests].map((each) => each / 2),
        };
        expect(rhythmOf(halves)).toEqual(rhythmOf(heard));
      }),
    );
  });
});

describe("what is expected of a caller", () => {
  it("never takes one for gone that follows its rhythm", () => {
    fc.assert(
      fc.property(following, fc.double({ min: 0, max: 1, noNaN: true }), ({ name, heard, next }, part) => {
        const last = heard.at(-1) ?? 0;
        const now = new Date(last + (next - last) * part);
        const { overdue, kind } = expectationOf(rhythmOf(stored(heard)), new Date(last), now);
        expect(overdue, `${name} as ${kind}`).toBe(false);
      }),
      { numRuns: 600 },
    );
  });

  it("takes one for gone that was heard for long enough and has missed several turns", () => {
    const gone = (name: string, silence: number) => {
      const heard = (ways[name] ?? (() => []))(monday, monday + 15 * day, 7);
      const last = heard.at(-1) ?? 0;
      return expectationOf(rhythmOf(stored(heard)), new Date(last), new Date(last + silence)).overdue;
    };
    expect(gone("every five minutes", 4 * hourMs)).toBe(true);
    expect(gone("every five minutes", 20 * minute), "hours cannot tell").toBe(false);
    expect(gone("hourly", 5 * hourMs)).toBe(true);
    expect(gone("nightly", 2 * day)).toBe(false);
    expect(gone("nightly", 4 * day)).toBe(true);
    expect(gone("nightly before a working day", 6 * day)).toBe(true);
  });

  it("comes after its last call, and is due again as time goes by", () => {
    fc.assert(
      fc.property(evidence, silences, silences, (heard, one, other) => {
        const rhythm = rhythmOf(heard);
        const last = newest(heard);
        const [soon, late] = [Math.min(one, other), Math.max(one, other)].map((silence) =>
          expectationOf(rhythm, last, later(last, silence)),
        );
        if (!soon || !late) return;
        for (const { expectedBy } of [soon, late]) {
          if (expectedBy !== null) expect(expectedBy).toBeGreaterThan(last.getTime());
        }
        expect(late.missed).toBeGreaterThanOrEqual(soon.missed);
        expect(late.expectedBy ?? 0).toBeGreaterThanOrEqual(soon.expectedBy ?? 0);
        if (soon.overdue) expect(late.overdue).toBe(true);
        if (soon.overdue) expect(soon.missed).toBeGreaterThanOrEqual(3);
      }),
      { numRuns: 600 },
    );
  });

  it("is the next turn of one that calls by days, the weekend left out", () => {
    const heard = (ways["nightly before a working day"] ?? (() => []))(monday, monday + 19 * day, 3);
    const last = heard.at(-1) ?? 0;
    expect(new Date(last).getUTCDay()).toBe(5);
    const { expectedBy, missed } = expectationOf(
      rhythmOf(stored(heard)),
      new Date(last),
      new Date(last + day),
    );
    expect(new Date(expectedBy ?? 0).getUTCDay()).toBe(1);
    expect(missed).toBe(0);
  });
});
