import { afterAll, expect, test } from "vitest";
import { runReally } from "./real";

const { close, worldAt } = runReally();
afterAll(close);

// Among them activate all of the ways to do so, and known callers that need the token in the end.
test.each([148, 551, 974])(
  "Latchkey itself does as in memory in the world of seed %d, and keeps its promises",
  async (seed) => {
    const { real, inMemory } = await worldAt(seed);
    expect(real.violations).toEqual([]);
    expect(real).toEqual(inMemory);
  },
);
