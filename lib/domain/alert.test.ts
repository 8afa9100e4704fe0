import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { alertKindOf, alertText, endSubject, isEndNear, stoppedLimits, untoldCallers } from "./alert";

const hour = 3_600_000;
const day = 24 * hour;
const at = (ms: number) => new Date(Date.UTC(2026, 10, 24) + ms);

const caller = (id: string, acceptedAt: Date | null = at(0), others = false) => ({ id, acceptedAt, others });
const told = (...pairs: readonly (readonly [string, Date])[]) => new Map(pairs);
const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);

describe("callers that stopped working", () => {
  it("are told of at once, and everybody since when an hour has passed", () => {
    const stopped = [caller("a"), caller("b")];
    expect(ids(untoldCallers(stopped, told(), "account", at(day)))).toEqual(["a", "b"]);
    const sent = told(["account", at(0)], ["a", at(0)]);
    expect(untoldCallers(stopped, sent, "account", at(hour - 1))).toEqual([]);
    expect(ids(untoldCallers(stopped, sent, "account", at(hour)))).toEqual(["b"]);
  });

  it("are told of again only when they were let in since, a day later", () => {
    const sent = told(["account", at(0)], ["a", at(0)]);
    const untold = (acceptedAt: Date, now: Date) =>
      untoldCallers([caller("a", acceptedAt)], sent, "account", now);
    expect(untold(at(-1), at(9 * day))).toEqual([]);
    expect(untold(at(hour), at(day - 1))).toEqual([]);
    expect(ids(untold(at(hour), at(day)))).toEqual(["a"]);
  });

  it("are neither strangers nor those beyond the limits, of whom nobody can say that they worked", () => {
    const stopped = [caller("stranger", null), caller("others", at(0), true)];
    expect(untoldCallers(stopped, told(), "account", at(day))).toEqual([]);
  });

  test("are never told of beyond the limits, and never forgotten, whatever happens in between", () => {
    const names = ["a", "b", "c"] as const;
    const step = fc.record({
      afterMs: fc.integer({ min: 1, max: 3 * hour }),
      who: fc.constantFrom(...names),
      what: fc.constantFrom("works", "stops", "nothing"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const works = new Map(names.map((name) => [name, true]));
        const acceptedAt = new Map(names.map((name) => [name, at(0)]));
        const sent = new Map<string, Date>();
        const history: { readonly when: Date; readonly who: readonly string[] }[] = [];
        let ms = 0;
        const look = () => {
          const now = at(ms);
          const stopped = names.filter((name) => !works.get(name));
          const found = ids(
            untoldCallers(
              stopped.map((id) => caller(id, acceptedAt.get(id))),
              sent,
              "account",
              now,
            ),
          );
          if (found.length === 0) return;
          history.push({ when: now, who: found });
          for (const subject of ["account", ...found]) sent.set(subject, now);
        };
        for (const { afterMs, who, what } of steps) {
          ms += afterMs;
          if (what === "works") acceptedAt.set(who, at(ms));
          if (what !== "nothing") works.set(who, what === "works");
          look();
        }
        // Whoever is still rejected once the limits are over was told of after it had last worked.
        ms += day;
        look();
        for (const name of names) {
          if (works.get(name)) continue;
          expect(sent.get(name)?.getTime()).toBeGreaterThan(acceptedAt.get(name)?.getTime() ?? 0);
        }
        const gaps = (moments: readonly Date[]) =>
          moments.slice(1).map((moment, index) => moment.getTime() - (moments[index]?.getTime() ?? 0));
        for (const gap of gaps(history.map(({ when }) => when))) {
          expect(gap).toBeGreaterThanOrEqual(stoppedLimits.accountMs);
        }
        for (const name of names) {
          const own = history.filter(({ who }) => who.includes(name)).map(({ when }) => when);
          for (const gap of gaps(own)) expect(gap).toBeGreaterThanOrEqual(stoppedLimits.callerMs);
        }
      }),
    );
  });
});

describe("an end by the clock", () => {
  test.each([
    ["grace_ends", 14 * day, 3 * day],
    ["grace_ends", 4 * day, day],
    ["overlap_ends", 7 * day, day],
    ["overlap_ends", hour, hour / 4],
  ] as const)("%s after %i ms is near for its last %i ms", (kind, length, notice) => {
    const until = at(length);
    expect(isEndNear(kind, at(0), until, at(length - notice - 1))).toBe(false);
    expect(isEndNear(kind, at(0), until, at(length - notice))).toBe(true);
    expect(isEndNear(kind, at(0), until, at(length - 1))).toBe(true);
    expect(isEndNear(kind, at(0), until, until), "it has come").toBe(false);
  });

  it("is near by its hours alone where nobody knows when it began", () => {
    expect(isEndNear("grace_ends", null, at(4 * day), at(day))).toBe(true);
  });

  it("is another one on another date", () => {
    expect(endSubject(at(1))).not.toBe(endSubject(at(2)));
  });
});

test("a name in a mail is one line that can be seen, and no longer than sixty characters", () => {
  expect(alertText("n8n\r\nBcc: x\u202e\u200b")).toBe("n8n Bcc: x");
  expect([...alertText("🌙".repeat(100))]).toHaveLength(60);
  expect(alertText("a".repeat(60))).toBe("a".repeat(60));
});

test("a mail belongs to the kind of its name, those of arming to one kind, and all others to none", () => {
  expect(alertKindOf("grace_ends")).toBe("grace_ends");
  expect(alertKindOf("armed_ask")).toBe("armed_enforced");
  expect(alertKindOf("password_changed")).toBeNull();
});
