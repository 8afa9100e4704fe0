import { randomInt } from "node:crypto";
import { describe, expect, test } from "vitest";
import { print } from "@/server/terminal";
import { foundIn, mutations } from "./mutations";
import { findBroken, simulate, tallyText } from "./simulate";

const worlds = 150;

describe("in simulated worlds of callers, gates and owners", () => {
  test.each([
    ["the same as last time", 1],
    ["others every time", randomInt(2 ** 31)],
  ])("no activation breaks a promise: %s", async (_, seed) => {
    const tally = await simulate(seed, worlds);
    if (tally.violated > 0) print(tallyText(tally, `${seed} to ${seed + worlds - 1}`));
    expect(tally.violations).toEqual([]);
    expect(tally.activations).toBeGreaterThan(worlds / 2);
  });

  // Where worlds are made in another way, others show it: npm run chaos says which.
  test.each(Object.entries(mutations))("it is found when %s", async (name, broken) => {
    expect(await findBroken(broken, foundIn[name] ?? 1, 1000)).not.toBeNull();
  });
});
