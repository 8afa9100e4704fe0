import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { areNamed, namedBy, nobodyNamed, programOf, programsOf } from "./named-callers";

const now = new Date("2026-11-30T12:00:00Z");
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000);

const caller = fc.record({
  id: fc.uuid(),
  name: fc.option(fc.constantFrom("Orders", "Night job"), { nil: null }),
  agent: fc.constantFrom("curl", "n8n", "axios", ""),
  others: fc.constant(false),
  firstSeenAt: fc.constant(secondsAgo(3600)),
});
type Caller = typeof caller extends fc.Arbitrary<infer T> ? T : never;
const callers = fc.uniqueArray(caller, { selector: ({ id }) => id, maxLength: 20 });

const nobody = { callers: [], more: [], others: 0 };

/** What a question says that lists the first few of its callers, and the rest by program. */
function question(all: readonly Caller[], listed: number) {
  const rejected = { callers: all.slice(0, listed), more: programsOf(all.slice(listed)), others: 0 };
  return namedBy({ rejected, maybe: nobody });
}

describe("whom a question has named", () => {
  test("everybody it lists, and everybody whose program it counts, however few it lists", () => {
    fc.assert(
      fc.property(callers, fc.nat(5), (all, listed) => {
        expect(areNamed(all, question(all, listed), now)).toBe(true);
      }),
    );
  });

  test("nobody else who was heard before the last minute", () => {
    fc.assert(
      fc.property(callers, fc.nat(5), caller, (all, listed, one) => {
        fc.pre(!all.some(({ id }) => id === one.id));
        const isCounted = all.slice(listed).some((each) => programOf(each) === programOf(one));
        expect(areNamed([...all, one], question(all, listed), now)).toBe(isCounted);
      }),
    );
  });

  test("who was first heard within the last minute may have come after it was read", () => {
    const one = { id: "1", name: null, agent: "curl", others: false };
    expect(areNamed([{ ...one, firstSeenAt: secondsAgo(59) }], nobodyNamed, now)).toBe(true);
    expect(areNamed([{ ...one, firstSeenAt: secondsAgo(61) }], nobodyNamed, now)).toBe(false);
  });

  test("callers beyond the limits by the number of their instances", () => {
    const others = { id: "1", name: null, agent: "", others: true, firstSeenAt: secondsAgo(3600) };
    const named = namedBy({ rejected: { ...nobody, others: 1 }, maybe: { ...nobody, others: 1 } });
    expect(areNamed([others, { ...others, id: "2" }], named, now)).toBe(true);
    expect(areNamed([others, { ...others, id: "2" }, { ...others, id: "3" }], named, now)).toBe(false);
    expect(areNamed([others], namedBy(null), now)).toBe(false);
  });
});
