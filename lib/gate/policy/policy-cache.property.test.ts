import fc from "fast-check";
import { describe, test } from "vitest";
import { Model, type Step, step } from "../../../test/support/policy-cache-model";

const guarantee =
  "nothing older than an announcement is served, nor anything stale, nor an instance denied that was announced";

async function holds(before: readonly Step[], steps: fc.Arbitrary<Step[]>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (then) => {
      const model = new Model();
      for (const what of before) await model.run(what);
      const reads: Promise<void>[] = [];
      for (const what of then) {
        if (what.do === "read") {
          model.steps++;
          reads.push(
            model.read(what.instance).catch((error: unknown) => {
              // No answer is always allowed; a wrong one is not.
              if (error instanceof Error && error.name === "PolicyOutdated") return;
              throw error;
            }),
          );
        }
        await model.run(what);
      }
      await model.answerAll();
      await Promise.all(reads);
    }),
    { numRuns: 1500 },
  );
}

describe("policies in memory, whatever happens in whatever order", () => {
  test(guarantee, () => holds([{ do: "listen" }], fc.array(step, { minLength: 5, maxLength: 60 })));

  test(`while policies are read ahead of their requests, ${guarantee}`, () =>
    holds([{ do: "listen" }, { do: "warm" }], fc.array(step, { minLength: 3, maxLength: 12 })));
});
