import { expect, test } from "vitest";
import { isProofFresh, proofSeconds } from "./session";

const now = new Date("2026-01-01T12:00:00Z");
const ago = (ms: number) => new Date(now.getTime() - ms);

test("a proof is fresh up to, and not at, its limit", () => {
  expect(isProofFresh(ago(0), now)).toBe(true);
  expect(isProofFresh(ago(proofSeconds * 1000 - 1), now)).toBe(true);
  expect(isProofFresh(ago(proofSeconds * 1000), now)).toBe(false);
});

test("a proof from the future is none, so a clock that jumped back opens nothing", () => {
  expect(isProofFresh(ago(-1), now)).toBe(false);
});
