import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLiveToken, type SeenToken } from "./preflight-evidence";
import { type RotatingCaller, sendsOldToken } from "./rotation";

const rotatedAt = new Date("2026-11-24T12:00:00Z");
const at = (seconds: number) => new Date(rotatedAt.getTime() + seconds * 1000);
const now = at(100_000);
const dead = [
  "missing",
  "malformed",
  "unknown",
  "retired",
  "instance_token",
  "duplicate",
  "placeholder",
] as const;

/** Seconds from the rotation until the caller was last heard. */
const before = fc.integer({ min: -100_000, max: 0 });
const after = fc.integer({ min: 4, max: 100_000 });

/** A caller as gates write it, heard at a time. */
function heard(times: fc.Arbitrary<number>, ...tokens: SeenToken[]): fc.Arbitrary<RotatingCaller> {
  return fc
    .record({
      others: fc.boolean(),
      seconds: times,
      lastToken: fc.constantFrom(...tokens),
      earlier: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: null }),
      oldRecently: fc.boolean(),
      newBefore: fc.boolean(),
    })
    .map(({ seconds, earlier, ...rest }) => {
      const live = earlier === null ? null : at(seconds - earlier);
      return {
        ...rest,
        firstSeenAt: at(seconds - 200_000),
        lastSeenAt: at(seconds),
        liveAt: isLiveToken(rest.lastToken) ? at(seconds) : live,
      };
    });
}

function always(callers: fc.Arbitrary<RotatingCaller>, expected: boolean): void {
  fc.assert(
    fc.property(callers, (caller) => {
      expect(sendsOldToken(caller, rotatedAt, now)).toBe(expected);
    }),
  );
}

describe("a caller during a rotation", () => {
  it("that was last heard before it, with the token that was current then, sends the old one", () => {
    always(heard(before, "current"), true);
    always(heard(before, "live"), true);
  });

  it("sends the old one whenever that was the latest, whatever came before", () => {
    always(heard(after, "retiring", "live"), true);
  });

  it("sends the new one once it was heard with it, if the old one did not come meanwhile", () => {
    always(
      heard(after, "current").map((caller) => ({ ...caller, oldRecently: false })),
      false,
    );
  });

  it("that has just switched sends the new one: the old one came before it only", () => {
    always(
      heard(after, "current").map((caller) => ({ ...caller, others: false, newBefore: false })),
      false,
    );
  });

  it("that mixes, or stands for many, sends the old one as long as that was seen lately", () => {
    always(
      heard(after, "current").map((caller) => ({ ...caller, oldRecently: true, newBefore: true })),
      true,
    );
    always(
      heard(after, "current").map((caller) => ({ ...caller, oldRecently: true, others: true })),
      true,
    );
  });

  it("is not believed to send the new one within the moment that gates may need to hear of it", () => {
    always(heard(fc.integer({ min: 0, max: 3 }), "current"), true);
  });

  it("whose latest was refused before its token was looked at counts by what it sent before", () => {
    const quiet = {
      others: false,
      firstSeenAt: at(-90),
      oldRecently: false,
      newBefore: false,
      lastToken: "none",
    } as const;
    expect(sendsOldToken({ ...quiet, lastSeenAt: at(60), liveAt: at(-60) }, rotatedAt, now)).toBe(true);
    expect(sendsOldToken({ ...quiet, lastSeenAt: at(60), liveAt: at(30) }, rotatedAt, now)).toBe(false);
    expect(sendsOldToken({ ...quiet, lastSeenAt: at(60), liveAt: null }, rotatedAt, now)).toBe(false);
  });

  it("that sends no live token is not broken by its end, unless the old one came with it lately", () => {
    fc.assert(
      fc.property(heard(fc.oneof(before, after), ...dead), (caller) => {
        expect(sendsOldToken(caller, rotatedAt, now)).toBe(caller.oldRecently);
      }),
    );
  });

  it("is among many of which some have not called since: they count for a day", () => {
    const many = { others: true, oldRecently: false, newBefore: false, lastToken: "current" } as const;
    const others = (first: number, live: Date | null, hours: number) =>
      sendsOldToken(
        { ...many, firstSeenAt: at(first), lastSeenAt: at(60), liveAt: live },
        rotatedAt,
        at(hours * 3600),
      );
    expect(others(-60, at(60), 1)).toBe(true);
    expect(others(-60, at(60), 24)).toBe(false);
    expect(others(5, at(60), 1), "all of them came after the rotation").toBe(false);
    expect(others(-60, null, 1), "none of them ever sent one").toBe(false);
  });

  it("that sent the token of a rotation long past does not count for this one", () => {
    always(heard(fc.integer({ min: -100_000, max: -600 }), "retiring"), false);
  });
});
