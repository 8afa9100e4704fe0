import fc from "fast-check";
import { describe, test } from "vitest";
import { Model, step } from "../../../test/support/policy-cache-model";

describe("policies in memory, whatever happens in whatever order", () => {
  test("nothing older than an announcement is served, nor anything stale, nor an instance denied that was announced", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const model = new Model();
        await model.run({ do: "listen" });
        const reads: Promise<void>[] = [];
        for (const what of steps) {
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
  });
});
