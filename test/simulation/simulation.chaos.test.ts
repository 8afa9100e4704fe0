import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { checkout } from "@/server/folders";
import { print } from "@/server/terminal";
import { mutations } from "./mutations";
import { addTally, emptyTally, findBroken, replay, type Tally, tallyText } from "./simulate";

const enough = Number(process.env.LATCHKEY_TEST_ACTIVATIONS || 1_000_000);
const worldsAtOnce = 1000;
const withinMs = 40 * 60_000;

/** Simulates worlds in as many threads as there are cores until there were enough activations. */
async function simulateMany(firstSeed: number): Promise<{ tally: Tally; lastSeed: number }> {
  const sum = emptyTally();
  let nextSeed = firstSeed;
  let told = 0;
  const work = (worker: Worker) =>
    new Promise<void>((resolve, reject) => {
      const next = () => {
        worker.postMessage({ firstSeed: nextSeed, worlds: worldsAtOnce });
        nextSeed += worldsAtOnce;
      };
      worker.on("error", reject);
      worker.on("message", (tally: Tally) => {
        addTally(sum, tally);
        for (const { seed, promise, text } of tally.violations) print(`seed ${seed}: ${promise}: ${text}`);
        if (sum.activations >= told + enough / 20) {
          told = sum.activations;
          print(
            `seeds from ${firstSeed}: ${sum.worlds} worlds, ${told} activations, ${sum.violated} violations`,
          );
        }
        if (sum.activations < enough) next();
        else resolve();
      });
      next();
    });
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(join(checkout, "dist", "simulation.js")),
  );
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return { tally: sum, lastSeed: nextSeed - 1 };
}

const seed = Number(process.env.LATCHKEY_TEST_SEED ?? "");

if (seed > 0) {
  test(`the world of seed ${seed}`, async () => {
    const told = await replay(seed);
    print(told);
    expect(told).toMatch(/\n0 promises broken$/);
  });
} else {
  test("every rule broken on purpose is found, wherever one begins to look", {
    timeout: withinMs,
  }, async () => {
    const firstSeed = randomInt(1, 2 ** 30);
    for (const [name, broken] of Object.entries(mutations)) {
      const found = await findBroken(broken, firstSeed, 60_000);
      const after = found
        ? `${found.seed - firstSeed + 1} worlds (seed ${found.seed}): ${found.promise}`
        : "never";
      print(`broken: ${name}; found after ${after}`);
      expect(found, name).not.toBeNull();
    }
  });

  test(`${enough} simulated activations break no promise`, { timeout: withinMs }, async () => {
    const firstSeed = randomInt(1, 2 ** 30);
    const { tally, lastSeed } = await simulateMany(firstSeed);
    print(
      tallyText(tally, `${firstSeed} to ${lastSeed}; replay one with npm run chaos -- simulation --seed=N`),
    );
    expect(tally.violations).toEqual([]);
    expect(tally.activations).toBeGreaterThanOrEqual(enough);
  });
}
