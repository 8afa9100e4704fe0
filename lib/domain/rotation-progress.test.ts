import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RotatingCaller, sendsOldToken } from "./rotation-progress";
import { isLiveToken, type SeenToken } from "./seen-token";

const rotatedAt = new Date("2026-11-24T12:00:00Z");
const at = (seconds: number) => new Date(rotatedAt.getTime() + seconds * 1000);
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
      return { ...rest, lastSeenAt: at(seconds), liveAt: isLiveToken(rest.lastToken) ? at(seconds) : live };
    });
}

function always(callers: fc.Arbitrary<RotatingCaller>, expected: boolean): void {
  fc.assert(
    fc.property(callers, (caller) => {
      expect(sendsOldToken(caller, rotatedAt)).toBe(expected);
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
    const quiet = { others: false, oldRecently: false, newBefore: false, lastToken: "none" } as const;
    expect(sendsOldToken({ ...quiet, lastSeenAt: at(60), liveAt: at(-60) }, rotatedAt)).toBe(true);
    expect(sendsOldToken({ ...quiet, lastSeenAt: at(60), liveAt: at(30) }, rotatedAt)).toBe(false);
    expect(sendsOldToken({ ...quiet, lastSeenAt: at(60), liveAt: null }, rotatedAt)).toBe(false);
  });

  it("that sends no live token is not broken by its end, unless the old one came with it lately", () => {
    fc.assert(
      fc.property(heard(fc.oneof(before, after), ...dead), (caller) => {
        expect(sendsOldToken(caller, rotatedAt)).toBe(caller.oldRecently);
      }),
    );
  });

  it("that sent the token of a rotation long past does not count for this one", () => {
    always(heard(fc.integer({ min: -100_000, max: -600 }), "retiring"), false);
  });
});
