import { describe, expect, test } from "vitest";
import { formerCookieMs, judgeGeneration } from "./session";

const now = new Date("2026-11-25T20:00:00Z");
const later = new Date(now.getTime() + formerCookieMs);

describe("a session's cookies", () => {
  test("are one until there has been a proof", () => {
    const session = { generation: 0, formerUntil: null };
    expect(judgeGeneration(session, 0, now)).toBe("newest");
    for (const made of [-1, 1, 0.5, Number.NaN]) expect(judgeGeneration(session, made, now)).toBe("ended");
  });

  test("after a proof are two until the new one has come back, so that a lost answer signs nobody out", () => {
    const session = { generation: 3, formerUntil: null };
    expect(judgeGeneration(session, 3, now)).toBe("arrived");
    expect(judgeGeneration(session, 2, now)).toBe("former");
    for (const old of [0, 1, 4]) expect(judgeGeneration(session, old, now)).toBe("ended");
  });

  test("the former one ends ten seconds after that, to the millisecond", () => {
    const session = { generation: 3, formerUntil: later };
    expect(judgeGeneration(session, 3, later)).toBe("newest");
    expect(judgeGeneration(session, 2, new Date(later.getTime() - 1))).toBe("former");
    expect(judgeGeneration(session, 2, later)).toBe("ended");
  });
});
