import { describe, expect, test } from "vitest";
import { formerCookieMs, isProofFresh, judgeGeneration, proofSeconds } from "./session";

const now = new Date("2026-01-01T12:00:00Z");
const later = new Date(now.getTime() + formerCookieMs);
const ago = (ms: number) => new Date(now.getTime() - ms);

test("a proof is fresh up to, and not at, its limit", () => {
  expect(isProofFresh(ago(0), now)).toBe(true);
  expect(isProofFresh(ago(proofSeconds * 1000 - 1), now)).toBe(true);
  expect(isProofFresh(ago(proofSeconds * 1000), now)).toBe(false);
});

test("a proof from the future is none, so a clock that jumped back opens nothing", () => {
  expect(isProofFresh(ago(-1), now)).toBe(false);
});

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
